// Before the first paint: appearance, language, and the first words, which stand in the page's file in every language
// (scripts/page/first_words.ts). The program that follows makes alive what stands there and draws none of it anew.
(() => {
  const html = document.documentElement;
  // A page with a wallet shows nothing inside another's: servers that can say so in a header do, here it holds for the others.
  if (window.top !== window.self) html.style.display = "none";
  const recall = (name) => {
    try {
      return localStorage.getItem(`tacit.${name}`);
    } catch {
      return null; // storage may be forbidden; then the device decides
    }
  };
  const theme = recall("theme");
  if (theme === "light" || theme === "dark") html.dataset.theme = theme;

  // The visitor's choice, else the first of the device's languages that we have. Every Chinese gets the traditional one.
  const known = { en: "en", ja: "ja", zh: "zh-Hant" };
  const wanted = [recall("language"), ...navigator.languages].map(
    (tag) => known[(tag ?? "").slice(0, 2)],
  );
  html.lang = wanted.find((language) => language !== undefined) ?? "en";

  // The address names a page after "#/"; without a name it is the first one (frontend/src/router.ts).
  html.dataset.first =
    location.hash.replace(/^#\/?/, "").split("/")[0] === "" ? "rounds" : "unknown";
  const fill = () => {
    const words = document.getElementById(`${html.lang}-${html.dataset.first}`);
    if (words === null) return;
    document.getElementById("root").append(words.content);
    const catalogue = document.createElement("link");
    catalogue.rel = "modulepreload";
    catalogue.href = `./assets/${words.dataset.catalogue}.js`;
    document.head.append(catalogue);
  };
  document.addEventListener("readystatechange", fill, { once: true });
})();
