import { Icon } from "../ui/Icon";

interface AsJsonProps {
  pressed: boolean;
  onPress: (pressed: boolean) => void;
}

/** Shows what a form shows as JSON, and back. */
export function AsJson({ pressed, onPress }: AsJsonProps) {
  return (
    <button
      type="button"
      className="btn btn--plain btn--s"
      aria-pressed={pressed}
      onClick={() => onPress(!pressed)}
    >
      <Icon name="braces" size="s" />
      JSON
    </button>
  );
}
