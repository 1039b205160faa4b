import { Icon } from "../ui/Icon";

/** While no state is chosen. */
export function NothingYet() {
  return (
    <div className="drawer__empty">
      <Icon name="clock" size="l" />
      <p className="strong">What this flow was</p>
      <p className="small versions__teach">
        Choose a state on the left to look at it, to see what is different now, or to go back to it. Give one
        a name, and it stays; those without a name go when newer changes need their room.
      </p>
    </div>
  );
}
