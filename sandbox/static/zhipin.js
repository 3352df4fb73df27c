(function () {
  var next = "/api/jobs?page=1&size=15", list = document.getElementById("job-list"), more = document.getElementById("more");
  function load() {
    if (!next) { return; }
    fetch(next).then(function (r) { return r.json(); }).then(function (j) {
      j.data.list.forEach(function (job) {
        var li = document.createElement("li"), a = document.createElement("a");
        a.href = job.url; a.textContent = job.jobName + " " + job.salaryText; li.appendChild(a); list.appendChild(li);
      });
      next = j.data.next; if (!next) { more.hidden = true; }
    });
  }
  more.addEventListener("click", load); load();
})();
