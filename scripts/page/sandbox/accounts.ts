import { devnetAddress } from "../../../src/devnet/chain.ts";

/** Whom visitors can play. Names are also what the accounts' keys are made from (src/devnet/chain.ts). */
const CAST = [
  ["Aiko", "donor"],
  ["Ben", "donor"],
  ["Chen", "donor"],
  ["Dalia", "donor"],
  ["Emil", "donor"],
  ["Briber", "briber"],
  ["Organiser", "organiser"],
  ["Sponsor", "sponsor"],
] as const;

export const SANDBOX_ACCOUNTS = CAST.map(([name, role]) => ({
  name,
  role,
  address: devnetAddress(name),
}));
