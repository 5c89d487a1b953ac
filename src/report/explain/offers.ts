/** Numbers what is suggested for several decisions. An edit that helps several values is offered once, with one number:
 *  the first value has it in full and names the others, which refer to it. */
import type { Suggestion } from "../fix/suggest.ts";
import type { Decision } from "./decisions.ts";

export interface Offer {
  /** From 1. */
  readonly number: number;
  readonly suggestion: Suggestion;
  /** Whom it helps, in order. */
  readonly helps: Decision[];
}

export class Offers {
  private readonly byOutcome = new Map<string, Offer>();

  get count(): number {
    return this.byOutcome.size;
  }

  /** The offers for one decision. */
  add(decision: Decision, found: readonly Suggestion[]): Offer[] {
    return found.map((suggestion) => {
      let offer = this.byOutcome.get(suggestion.outcome);
      if (offer === undefined) {
        offer = { number: this.count + 1, suggestion, helps: [] };
        this.byOutcome.set(suggestion.outcome, offer);
      }
      offer.helps.push(decision);
      return offer;
    });
  }

  find(number: number): Suggestion | null {
    for (const offer of this.byOutcome.values()) if (offer.number === number) return offer.suggestion;
    return null;
  }
}
