(function () {
  var app = document.getElementById("app"), busy = false, more = true, cursor = "0";
  function el(name, cls, text, parent) {
    var e = document.createElement(name); if (cls) { e.className = cls; } if (text) { e.textContent = text; }
    if (parent) { parent.appendChild(e); } return e;
  }
  function card(item) {
    var s = el("section", "note-item", "", app.querySelector(".feeds")), a = el("a", "cover", "", s), i = el("img", "", "", a);
    a.href = item.url; i.src = item.cover; i.loading = "lazy"; i.width = 180; i.height = 225;
    var t = el("a", "title", item.title, s); t.href = item.url;
    var u = el("a", "author", item.user.name, s); u.href = "/user/profile/" + item.user.id;
    el("span", "like", "♥ " + item.likes, s);
  }
  function feed() {
    if (busy || !more) { return; }
    busy = true;
    fetch("/api/sns/feed?cursor=" + cursor + "&num=12").then(function (r) { return r.json(); }).then(function (j) {
      j.data.items.forEach(card); cursor = j.data.cursor; more = j.data.has_more; busy = false;
      if (!more) { el("div", "feed-end", "没有更多了", app); } else { near(); }
    });
  }
  function near() {
    if (window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 200) { feed(); }
  }
  function describe(text, box) {
    text.split(/(#[^\s#]+)/).forEach(function (part) {
      if (part.charAt(0) === "#" && part.length > 1) { var a = el("a", "tag", part, box); a.href = "/explore?tag=" + encodeURIComponent(part.slice(1)); }
      else { box.appendChild(document.createTextNode(part)); }
    });
  }
  function note(id) {
    fetch("/api/sns/note/" + id).then(function (r) { return r.json(); }).then(function (j) {
      var d = j.data, box = el("div", "note-detail", "", app), head = el("div", "author", "", box);
      var u = el("a", "username", d.user.name, head); u.href = "/user/profile/" + d.user.id;
      d.images.forEach(function (src) { var i = el("img", "note-img", "", box); i.src = src; });
      el("div", "", d.title, box).id = "detail-title";
      var desc = el("div", "", "", box); desc.id = "detail-desc"; describe(d.desc, desc);
      var foot = el("div", "bottom", "", box); el("span", "date", d.time, foot); el("span", "ip", "IP属地：" + d.ip, foot);
      document.title = d.title; box.classList.add("ready");
      var rec = el("div", "recommend", "", app); el("h4", "", "大家都在搜：亲子 穿搭 露营", rec);
    });
  }
  if (app.dataset.page === "note") { note(app.dataset.note); return; }
  el("div", "feeds", "", app); window.addEventListener("scroll", near); feed();
})();
