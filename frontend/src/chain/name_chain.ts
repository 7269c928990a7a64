import type { Config } from "wagmi";
import { hasNames } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";
import { readClient } from "./read_client.ts";

/** Names of a chain are asked of its own nodes alone, by the contract that the site names or everybody knows. */
export const namesOn = (config: Config, { id, universalResolver }: SiteChain) => ({
  read: readClient(config, id),
  chainId: id,
  universalResolver,
});

export const looksNamesUp = ({ id, universalResolver }: SiteChain): boolean =>
  hasNames({ chainId: id, universalResolver });

/** What names are looked up with, which comes with the first of them. */
export const nameService = () => import("./name_service.ts");
