/** Parts that the first screen can do without, with their style: fetched together once it is drawn. */
import style from "../style/more.css?inline";
import { zh } from "../words/zh";
import { zh_more } from "../words/zh_more";

Object.assign(zh, zh_more);

export { AnswerTools, Sources } from "./AnswerTools";
export { CardPlace } from "./CardPlace";
export { Draft, Thinking } from "./Draft";
export { FileShape } from "./FileShape";
export { LeaveMessage } from "./LeaveMessage";
export { Menu } from "./Menu";
export { Rating } from "./Rating";
export { UploadRow } from "./UploadRow";
export { Viewer } from "./Viewer";
export { create_uploads } from "../talk/uploads";
export { style };
