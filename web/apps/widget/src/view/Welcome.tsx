import type { JSX } from "preact";
import { Face } from "./Face";
import { Bubble } from "./Message";
import { RichText } from "./RichText";
import { use_scene, web_address } from "./scene";

/** What the law wants said before the first word: an AI answers, what happens with the data, which model it is. */
function Notice(): JSX.Element | null {
  const { state, say, place } = use_scene();
  const settings = state.settings;
  if (!settings) return null;
  const { privacy } = settings;
  const address = web_address(place.base, privacy.url);
  return (
    <section class="notice" aria-label={say("notice_title")}>
      <p>
        {settings.assistant && <b>{say("notice_ai")} </b>}
        {settings.model_notice}
      </p>
      <p>
        {privacy.text}
        {address && (
          <>
            {" "}
            <a href={address} target="_blank" rel="noopener noreferrer">
              {say("notice_privacy")}
            </a>
          </>
        )}
      </p>
    </section>
  );
}

/** The first screen: the notice, a greeting, and questions that others ask. */
export function Welcome(): JSX.Element | null {
  const { talk, state, say } = use_scene();
  const { settings } = state;
  if (!settings) return null;
  const name = settings.assistant?.name ?? settings.shop.name;
  const has_spoken = state.messages.length + state.outgoing.length > 0;
  return (
    <div class="welcome">
      <Notice />
      {settings.greeting && (
        <Bubble
          from="assistant"
          name={name}
          face={<Face kind={settings.assistant ? "assistant" : "shop"} name={name} url={settings.assistant?.avatar_url ?? settings.look.logo_url} />}
        >
          <div class="bubble">
            <RichText text={settings.greeting} />
          </div>
        </Bubble>
      )}
      {!has_spoken && settings.suggested_questions.length > 0 && (
        <ul class="suggested" aria-label={say("suggested")}>
          {settings.suggested_questions.slice(0, 6).map((question) => (
            <li key={question}>
              <button type="button" class="pill" onClick={() => talk.send(question)}>
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
