// The pack is printed by a button, too.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
