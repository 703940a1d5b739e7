// The page without a key: leads to «Mine prosjekter», if this browser was there on this server.
const home = localStorage.getItem("autokode-home") || "";
const way = document.getElementById("home");
if (way && /^\/[\w-]+\/$/.test(home)) {
  way.href = home;
  document.getElementById("way-home").hidden = false;
  document.getElementById("way-menu").hidden = true;
}
