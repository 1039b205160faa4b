/* A table wider than the page scrolls by itself: it has to be reachable for those who scroll with keys. The theme puts its
   frame around it, after this is read. */
const reach = () => {
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap")) {
    const wide = frame.scrollWidth > frame.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Table"]]) {
      if (wide) frame.setAttribute(name, value);
      else frame.removeAttribute(name);
    }
  }
};
addEventListener("load", reach);
addEventListener("resize", reach);
