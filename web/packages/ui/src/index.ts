/** The file beside this package holds the look; this names the two themes it knows. */
export type Theme = "light" | "dark";
