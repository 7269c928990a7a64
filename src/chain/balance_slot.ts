import { erc20Abi, type Address } from "viem";
import { balancePlace } from "../gates/erc20_at_block.ts";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient } from "./client.ts";

/**
 * Where tokens mostly keep their balances: among the first places; behind the gaps of upgradeable contracts, 50 places each; and
 * where OpenZeppelin's upgradeable ERC20 does (ERC-7201, "openzeppelin.storage.ERC20").
 */
const PLACES: readonly bigint[] = [
  ...Array.from({ length: 21 }, (_, i) => BigInt(i)),
  51n,
  101n,
  151n,
  0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n,
];

/**
 * At which place of its storage a token keeps its balances (GATE-14), as the balance of somebody who holds some tells. Undefined where the
 * holder has nothing, where no usual place holds that balance, and where several do.
 */
export async function findBalanceSlot(
  client: ReadClient,
  token: Address,
  holder: Address,
): Promise<bigint | undefined> {
  const [balance, words] = await Promise.all([
    client.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [holder],
      ...BOUNDED,
    }),
    Promise.all(
      PLACES.map((slot) =>
        client.request({
          method: "eth_getStorageAt",
          params: [token, balancePlace(holder, slot), "latest"],
        }),
      ),
    ),
  ]);
  const found = PLACES.filter((_, i) => BigInt(words[i] ?? "0x0") === balance);
  return balance === 0n || found.length !== 1 ? undefined : found[0];
}
