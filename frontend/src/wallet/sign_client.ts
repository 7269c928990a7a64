import { SignClient } from "@walletconnect/sign-client";

// Built as workers are, into one file that shares nothing with the page's: parts in common would be cut out of what every donor loads.
// Such a file can give nothing to who imports it, so it leaves it where the page looks.
declare global {
  var tacitSignClient: typeof SignClient | undefined;
}
globalThis.tacitSignClient = SignClient;
