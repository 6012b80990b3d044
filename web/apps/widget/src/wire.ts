/** Shapes that the server sends to a visitor: over HTTP as the schema has them, on the socket as written here. */
import type { components } from "@yingke/api/schema";

type Shapes = components["schemas"];

export type Hours = Shapes["PanelHours"];
export type Look = Shapes["PanelLook"];
export type Settings = Shapes["PanelSettings"];
export type Session = Shapes["SessionAnswer"];
export type FileShown = Shapes["FileView"];
export type Citation = Shapes["CitationView"];
export type Queue = Shapes["QueuePlace"];

export interface Agent {
  id?: string;
  work_name: string;
  avatar_url?: string | null;
}

/** As the list has it, or as a frame tells of it. */
export interface Conversation extends Pick<Shapes["ConversationItem"], "id" | "status" | "handled_by" | "last_seq"> {
  rating?: Shapes["ConversationItem"]["rating"];
  agent?: Agent | null;
  queue?: Queue | null;
}

/** A message; one that the screen made up itself has neither kind nor delivery. `reply_id`: the draft it replaces. */
export interface Message extends Omit<Shapes["VisitorMessageView"], "kind" | "delivery" | "agent"> {
  agent?: Agent | null;
  reply_id?: string | null;
}

export type Card = NonNullable<Message["cards"]>[number];
