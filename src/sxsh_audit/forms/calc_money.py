"""The part of the hidden sheet that works out money: prices, savings and costs of the options."""

from __future__ import annotations

from typing import Any

from sxsh_audit.forms.calc_sheet import ANY_NUMBER, Records
from sxsh_audit.forms.formulas import (
    NOTHING,
    UNREAD,
    all_of,
    any_of,
    blank,
    exactly,
    is_number,
    safe,
    text,
    trimmed,
    when,
)

__all__ = ["Calc"]


class Calc(Records):
    """The whole hidden sheet; see :class:`~sxsh_audit.forms.calc_sheet.Records`."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._whole()
        self._spans()
        self._production()
        self._consumption()
        self._prices()
        self._option_savings()
        self._options()
        self._months()

    def _prices(self) -> None:
        table = "prices"
        name = trimmed(self.typed(table, "resource"))
        key = self._add_record("r_key", table, self.resource_key(name))
        record = f"{key}<>{NOTHING}"
        kind = self.look_up(self.typed(table, "kind"), "price_kind_word", "price_kind_key",
                            text("average"))  # fmt: skip
        self._add_record("r_kind", table, when(record, kind))
        size = self.look_up(self.typed(table, "unit"), "known_price", "price_size", UNREAD)
        vat = self.look_up(self.typed(table, "vat"), "vat_word", "vat_key")
        rate = self.typed(table, "vat_rate")
        with_vat = when(f"{vat}={text('included')}", f"1+{when(f'{rate}>=1', f'{rate}/100', rate)}",
                        "1")  # fmt: skip
        typed = self.typed(table, "price")
        included = f"{vat}={text('included')}"
        readable = all_of(is_number(typed), any_of(f"NOT({included})", is_number(rate)))
        price = when(readable, safe(f"{typed}*{size}/{with_vat}"), UNREAD)
        of = self.look_up(self.typed(table, "unit"), "known_price", "price_of", UNREAD)
        price = when(f"{of}={self._kind_of(key)}", price, UNREAD)
        self._add_record("r_value", table, when(record, price), UNREAD)

    def _kind_of(self, key: str) -> str:
        """Canonical unit in which a resource is used."""
        return f"INDEX({self.area('c_of')},MATCH({key},{self.area('c_key')},0))"

    def _price(self, key: str) -> str:
        """Price of a saving: marginal, else average, else from the bills of the baseline."""
        keys, kinds, values = (self.area(f"r_{one}") for one in ("key", "kind", "value"))

        def stated(kind: str, otherwise: str) -> str:
            of_kind = f"{keys},{key},{kinds},{text(kind)}"
            count = f"COUNTIFS({of_kind})"
            # Two prices of one kind: which one is meant is not guessed here.
            one = all_of(f"{count}=1", f"COUNTIFS({of_kind},{values},{ANY_NUMBER})=1")
            value = when(one, f"SUMIFS({values},{of_kind})", UNREAD)
            return when(f"{count}=0", otherwise, value)

        paid, amount = (f"SUMIFS({self.area(name)},{self.area('c_key')},{key})"
                        for name in ("c_paid", "c_for"))  # fmt: skip
        # A cost that cannot be read would make the mean another one; ~? is the sign itself.
        unread = f'COUNTIFS({self.area("c_key")},{key},{self.area("c_paid")},"~?")>0'
        billed = when(unread, UNREAD, safe(f"{paid}/{amount}"))
        return stated("marginal", stated("average", billed))

    def _money_size(self, unit: str) -> str:
        """Size of a unit of money; without one the currency of the study is meant."""
        return when(blank(unit), "1", self.look_up(unit, "known_money", "money_size", UNREAD))

    def _option_savings(self) -> None:
        table, options = "option_savings", self.blocks["options"]
        name = trimmed(self.typed(table, "option"))
        ids, names = options.area("option"), options.area("name")
        by_id, by_name = (when(all_of(f"{exactly(area, name)}=1", f"COUNTIF({area},{name})=1"),
                               f"MATCH({name},{area},0)", UNREAD)
                          for area in (ids, names))  # fmt: skip
        place = when(f"COUNTIF({ids},{name})>0", by_id, by_name)
        option = self._add_record("s_option", table, when(f"{name}<>{NOTHING}", place), UNREAD)
        own = self.typed(table, "months_covered")
        whole = f"INDEX({options.area('months_covered')},{option})"
        months = when(is_number(own), own, when(is_number(whole), whole, "12"))
        resource = trimmed(self.typed(table, "resource"))
        key = self._add_record("s_key", table, self.resource_key(resource))
        size = self._units("s", table, self._own("resources.unit", resource, "resource") + '&""')
        money, quantity = self.typed(table, "money"), self.typed(table, "quantity")
        worth = f"{quantity}*{size}*12/{months}*{self._price(key)}"
        worth = when(f"{self.cell('s_of')}={self._kind_of(key)}", worth, UNREAD)
        stated = f"{money}*{self._money_size(self.typed(table, 'money_unit'))}*12/{months}"
        value = when(is_number(money), stated, when(is_number(quantity), worth, UNREAD))
        self._add_record("s_value", table, when(f"{option}<>{NOTHING}", safe(value)), UNREAD)
        # A saving whose option cannot be told may belong to any of them.
        self._add("s_lost", 1, f'COUNTIF({self.area("s_option")},"~?")')

    def _options(self) -> None:
        table = "options"
        cost, extra, other, covered = (
            self.typed(table, field) for field in
            ("cost", "annual_extra_cost", "other_benefit", "months_covered")
        )  # fmt: skip
        size = self._money_size(self.typed(table, "unit"))
        # Units of money are those of đồng: in another currency the preview has none.
        dong = any_of(*(f'UPPER(TRIM({self.settings["currency"]}))={one}'
                        for one in (NOTHING, text("VND"))))  # fmt: skip
        own = self.typed(table, "option")
        alone = f"COUNTIF({self.blocks[table].area('option')},TRIM({own}))=1"
        whole = [f"NOT({self.single(f'{name}_{fault}')})" for name in ("records", "money")
                 for fault in ("below", "headings")]  # fmt: skip
        sure = all_of(dong, alone, f"{self.single('s_lost')}=0", *whole)
        self._add_record("o_cost", table, when(all_of(sure, is_number(cost)), f"{cost}*{size}"))
        of, value = self.area("s_option"), self.area("s_value")
        count, known = f"COUNTIFS({of},{{k}})", f"COUNTIFS({of},{{k}},{value},{ANY_NUMBER})"
        saved = f"SUMIFS({value},{of},{{k}})"
        more = when(is_number(extra), f"{extra}*{size}", "0")
        benefit = f"{other}*{size}*12/{when(is_number(covered), covered, '12')}"
        with_other = when(f"{count}={known}", f"{saved}+{benefit}-{more}")
        without = when(all_of(f"{count}>0", f"{count}={known}"), f"{saved}-{more}")
        annual = when(is_number(other), with_other, without)
        self._add_record("o_annual", table, when(sure, annual))
