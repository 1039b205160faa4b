import { MakeTestButton } from "./MakeTestButton";
import { testOfMessage, type Seen } from "./makeTest";

export interface UseAsTestProps {
  /** The test's name to begin with. */
  name: string;
  seen: Seen;
  /** What was seen at the other end of the wire. */
  arrived?: Seen;
}

/** Makes a test of a message that went by. */
export default function UseAsTest({ name, seen, arrived }: UseAsTestProps) {
  return <MakeTestButton name={name} label="Use as test" body={() => testOfMessage(seen, arrived)} />;
}
