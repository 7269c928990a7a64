import { Component, type ReactNode } from "react";

/** A defect of one part leaves the others usable: `otherwise` stands in its place. Nothing is logged: an error's text may hold what was typed. */
export class Caught extends Component<
  { children: ReactNode; otherwise: ReactNode },
  { failed: boolean }
> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.otherwise : this.props.children;
  }
}
