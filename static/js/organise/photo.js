/** Shows a chosen photo before it is sent. The security policy allows data addresses alone. */
export function previewPhotos() {
  for (const field of document.querySelectorAll("[data-photo]")) {
    field.querySelector("input[type=file]").addEventListener("change", (event) => {
      const file = event.target.files[0];
      if (!file?.type.startsWith("image/")) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => show(field, reader.result));
      reader.readAsDataURL(file);
    });
  }
}

function show(field, address) {
  const picture = document.createElement("img");
  picture.className = "portrait big";
  picture.alt = "";
  picture.src = address;
  picture.addEventListener("load", () => field.querySelector(".portrait").replaceWith(picture), { once: true });
}
