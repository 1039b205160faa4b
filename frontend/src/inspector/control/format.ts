export { readable } from "../../forms/schema/readable";
