import { Component, type ReactNode } from "react";

interface BoundaryProps {
  /** What stands in the place of what failed. */
  fallback: (error: unknown) => ReactNode;
  children: ReactNode;
}

interface BoundaryState {
  failure: { readonly error: unknown } | null;
}

/** Keeps an error within its part of the page: without it React takes the whole page away. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: { error } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error) : this.props.children;
  }
}
