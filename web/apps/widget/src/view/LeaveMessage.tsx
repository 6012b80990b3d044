import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../http";
import { say_opening, type WordKey } from "../words/words";
import { Icon } from "./icons";
import { use_scene } from "./scene";

type Fields = { name: string; phone: string; email: string; text: string };
type Faults = Partial<Record<keyof Fields | "consent" | "form", string>>;

const EMPTY: Fields = { name: "", phone: "", email: "", text: "" };

/** What is wrong, by field; nothing is sent until this is empty. */
export function find_faults(fields: Fields, has_consent: boolean, say: (key: WordKey) => string): Faults {
  const faults: Faults = {};
  if (!fields.text.trim()) faults.text = say("need_text");
  if (!fields.phone.trim() && !fields.email.trim()) faults.phone = say("need_contact");
  if (fields.phone.trim() && !/^\+?[0-9][0-9 ()-]{4,23}$/.test(fields.phone.trim())) faults.phone = say("bad_phone");
  if (fields.email.trim() && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(fields.email.trim())) faults.email = say("bad_email");
  if (!has_consent) faults.consent = say("need_consent");
  return faults;
}

/** The form for when nobody is there: how to reach the visitor, and what about. */
export function LeaveMessage(): JSX.Element {
  const { talk, state, say } = use_scene();
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [fields, set_fields] = useState<Fields>(EMPTY);
  const [has_consent, set_consent] = useState(false);
  const [faults, set_faults] = useState<Faults>({});
  const [is_busy, set_busy] = useState(false);
  const [is_done, set_done] = useState(false);
  useEffect(() => heading.current?.focus(), [is_done]);

  const hours = state.settings?.hours;
  const back = (): void => talk.store.set({ view: "talk" });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = find_faults(fields, has_consent, say);
    set_faults(found);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    set_busy(true);
    try {
      await talk.post("v1/widget/left-messages", Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim())));
      set_done(true);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      set_faults({ form: error.detail || say("submit_failed") });
    }
    set_busy(false);
  };

  const field = (name: keyof Fields, word: WordKey, input: JSX.Element): JSX.Element => (
    <label class="field">
      <span>
        {say(word)}
        {name === "name" && <em>{say("leave_optional")}</em>}
      </span>
      {input}
      {faults[name] && (
        <span class="fault" role="alert">
          {faults[name]}
        </span>
      )}
    </label>
  );
  const bind = (name: keyof Fields) => ({
    name,
    value: fields[name],
    "aria-invalid": faults[name] ? true : undefined,
    onInput: (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) => set_fields({ ...fields, [name]: event.currentTarget.value }),
  });

  if (is_done) {
    return (
      <div class="leave done">
        <span class="big-icon">
          <Icon name="check" size={32} />
        </span>
        <h3 ref={heading} tabIndex={-1}>
          {say("leave_done")}
        </h3>
        <p>{say("leave_done_hint", { where: fields.phone.trim() || fields.email.trim() })}</p>
        <button type="button" class="primary" onClick={back}>
          {say("leave_back")}
        </button>
      </div>
    );
  }
  return (
    <form class="leave" ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <button type="button" class="link back" onClick={back}>
        <Icon name="back" size={16} />
        {say("leave_back")}
      </button>
      <h3 ref={heading} tabIndex={-1}>
        {say("leave_title")}
      </h3>
      <p class="quiet">
        {hours && !hours.is_open && hours.opens_at ? say("leave_hint_closed", { time: say_opening(hours.opens_at, state.language, say) }) : say("leave_hint")}
      </p>
      {field("text", "leave_text", <textarea rows={4} maxLength={4000} {...bind("text")} />)}
      {field("phone", "leave_phone", <input type="tel" autoComplete="tel" maxLength={25} {...bind("phone")} />)}
      {field("email", "leave_email", <input type="email" autoComplete="email" maxLength={254} {...bind("email")} />)}
      {field("name", "leave_name", <input autoComplete="name" maxLength={80} {...bind("name")} />)}
      <label class="check">
        <input type="checkbox" checked={has_consent} aria-invalid={faults.consent ? true : undefined} onInput={(event) => set_consent(event.currentTarget.checked)} />
        <span>{say("leave_consent")}</span>
      </label>
      {(faults.consent || faults.form) && (
        <p class="fault" role="alert">
          {faults.consent ?? faults.form}
        </p>
      )}
      <button type="submit" class="primary wide" disabled={is_busy}>
        {say(is_busy ? "leave_sending" : "leave_send")}
      </button>
    </form>
  );
}
