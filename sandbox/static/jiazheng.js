(function () {
  document.querySelectorAll("button.show-tel").forEach(function (b) {
    b.addEventListener("click", function () {
      fetch("/ajax/contact?id=" + b.dataset.id + "&k=" + b.dataset.k).then(function (r) { return r.json(); }).then(function (j) {
        var parts = [];
        if (j.tel) { parts.push("电话：" + j.tel); }
        if (j.wx) { parts.push("微信：" + j.wx); }
        if (j.qq) { parts.push("QQ：" + j.qq); }
        b.parentNode.querySelector(".tel-number").textContent = parts.join(" ");
        b.hidden = true;
      });
    });
  });
})();
