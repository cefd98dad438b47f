// The visitor's own clock: asked once of the browser, only when the address does not say a zone already.
const form = document.getElementById("zone");
const here = new URL(location.href);

if (form && !here.searchParams.has("tz")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = own && [...form.elements.tz.options].some((option) => option.value === own);
  if (known && own !== form.dataset.zone) {
    here.searchParams.set("tz", own);
    location.replace(here);
  }
}
