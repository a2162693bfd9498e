export function printOnDemand(button) {
  button?.addEventListener("click", () => window.print());
}
