"use strict";
// Filters of the lists, the search, and the language links. Nothing is asked of any server and
// nothing is stored; every text goes in as text, never as markup.
(function () {
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d")
      .toLowerCase().replace(/\s+/g, " ").trim();
  }

  function words(text) {
    return fold(text).split(" ").filter(Boolean);
  }

  function told(pattern, numbers) {
    return pattern.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in numbers ? String(numbers[name]) : whole;
    });
  }

  // What is chosen stands behind the # of the address: it can be sent, and the other language
  // opens with the same choice.
  function fromAddress() {
    return new URLSearchParams(window.location.hash.slice(1));
  }

  function toAddress(chosen) {
    var text = chosen.toString();
    window.history.replaceState(null, "", text ? "#" + text : window.location.pathname);
    document.querySelectorAll("a.tongue").forEach(function (link) {
      link.href = link.href.split("#")[0] + (text ? "#" + text : "");
    });
  }

  function fill(form) {
    var chosen = fromAddress();
    Array.from(form.elements).forEach(function (field) {
      if (field.name && chosen.has(field.name)) { field.value = chosen.get(field.name); }
    });
  }

  function chosenIn(form) {
    var chosen = new URLSearchParams();
    Array.from(form.elements).forEach(function (field) {
      if (field.name && field.value) { chosen.set(field.name, field.value); }
    });
    return chosen;
  }

  function filterList(form) {
    var list = document.querySelector('[data-filtered="' + form.dataset.filter + '"]');
    var count = form.querySelector("[data-count]");
    if (!list) { return; }
    var items = Array.from(list.querySelectorAll("[data-item]"));
    function show() {
      var chosen = chosenIn(form);
      var wanted = words(chosen.get("q") || "");
      var shown = 0;
      items.forEach(function (item) {
        var fits = wanted.every(function (word) { return item.dataset.words.includes(word); });
        chosen.forEach(function (value, name) {
          if (name !== "q" && item.dataset[name] !== value) { fits = false; }
        });
        item.hidden = !fits;
        if (fits) { shown += 1; }
      });
      count.textContent = shown
        ? told(count.dataset.many, { shown: shown, all: items.length }) : count.dataset.none;
      toAddress(chosen);
    }
    form.hidden = false;
    fill(form);
    form.addEventListener("input", show);
    form.addEventListener("reset", function () { window.setTimeout(show, 0); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    show();
  }

  var MOST = 50;

  function search(form) {
    var pages = window.sxshPages || [];
    var list = document.querySelector("[data-found]");
    var note = document.querySelector("[data-told]");
    function show() {
      var chosen = chosenIn(form);
      var wanted = words(chosen.get("q") || "");
      list.replaceChildren();
      toAddress(chosen);
      if (!wanted.length) { note.textContent = ""; return; }
      var found = pages.map(function (page) {
        var title = 0;
        var fits = wanted.every(function (word) {
          if (page.title_words.includes(word)) { title += 1; return true; }
          return page.words.includes(word);
        });
        return { page: page, fits: fits, rank: title };
      }).filter(function (one) { return one.fits; });
      found.sort(function (a, b) { return b.rank - a.rank; });
      found.slice(0, MOST).forEach(function (one) {
        var item = document.createElement("li");
        var link = document.createElement("a");
        link.href = one.page.url;
        link.textContent = one.page.title;
        var kind = document.createElement("span");
        kind.className = "kind";
        kind.textContent = one.page.kind;
        var text = document.createElement("p");
        text.textContent = one.page.told;
        item.append(link, " ", kind, text);
        list.append(item);
      });
      note.textContent = found.length === 0 ? note.dataset.none
        : told(found.length > MOST ? note.dataset.more : note.dataset.many,
               { found: found.length, shown: Math.min(found.length, MOST) });
    }
    fill(form);
    form.addEventListener("input", show);
    form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
    show();
  }

  document.querySelectorAll("form[data-filter]").forEach(filterList);
  document.querySelectorAll("form[data-search]").forEach(search);
})();
