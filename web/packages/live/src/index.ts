export { back_off } from "./back_off";
export { open_connection, type Connection, type ConnectionOptions, type ConnectionState } from "./connection";
export { parse_frame, read_number, read_text, type Frame } from "./frame";
export { create_outbox, type Outbox, type OutboxOptions, type Outgoing, type Refusal } from "./outbox";
export { create_replies, type Replies, type Reply } from "./replies";
export { open_storage, type Storage } from "./storage";
export { create_timeline, type Placed, type Timeline } from "./timeline";
