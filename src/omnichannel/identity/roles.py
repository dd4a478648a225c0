"""Addresses that a role has, not a person: several people write from them, so they join nobody."""

from __future__ import annotations

import re

from omnichannel.model import Address

# Written without dots, hyphens and underscores. RFC 2142 names the technical ones; the others are what
# companies call their desks in English, Dutch, German, French, Spanish, Italian, Portuguese, Polish, Turkish,
# Swedish, Danish, Norwegian and Czech.
_WORDS = """
    abuse accounting accounts admin administration administrator all billing bookings booking careers
    compliance contact contactus customercare customerservice customersupport desk dpo enquiries enquiry
    everyone feedback finance frontdesk ftp hello help helpdesk hostmaster hr info information inquiries
    invoice invoices jobs legal marketing media news newsletter noc office operations ops order
    orders payments payroll postmaster press privacy procurement purchasing reception recruitment
    reservations returns root sales security service services shipping shop staff store subscribe support
    team tech ticket tickets unsubscribe usenet uucp warehouse webmaster welcome www
    aanmelden abonnement administratie algemeen bestelling bestellingen boekhouding contacten factuur
    facturen facturatie inkoop inlichtingen klachten klantendienst klantenservice magazijn onthaal
    ontvangst pers personeel planning receptie retour secretariaat vacatures vragen verkoop werkplaats winkel
    allgemein anfrage anfragen auskunft bestellung bestellungen bewerbung buchhaltung buero büro datenschutz
    einkauf empfang kanzlei kasse kontakt kundendienst kundenservice lager praxis presse
    rechnung rechnungen redaktion reservierung sekretariat verkauf vertrieb verwaltung werkstatt zentrale
    accueil achat achats assistance boutique bonjour candidature client clients commande commandes commercial
    comptabilite comptabilité direction facturation juridique magasin rh recrutement reclamation
    reclamations renseignements reservation secretariat serviceclient serviceclients ventes
    administracion administración almacen almacén atencion atencionalcliente ayuda comercial compras consultas
    contabilidad contacto correo facturacion facturación informacion información oficina pedidos prensa
    reclamaciones recepcion recepción recursoshumanos reservas soporte tienda ventas acquisti amministrazione
    assistenza commerciale contabilita contabilità contatti contatto fatturazione fatture informazioni magazzino
    ordini personale prenotazioni segreteria servizioclienti spedizioni ufficio vendite ajuda atendimento compra
    contabilidade contato contatos encomendas faturamento financeiro informacoes loja pedido recepcao secretaria
    suporte vendas biuro dzialhandlowy faktury handlowy kadry ksiegowosc księgowość obsluga obslugaklienta pomoc
    rekrutacja reklamacje rezerwacje serwis sklep sprzedaz sprzedaż zamowienia zamówienia zapytania bilgi destek
    iletisim iletişim muhasebe musterihizmetleri rezervasyon satis satış siparis sipariş bestallning beställning
    bokning butik ekonomi faktura fakturor forsaljning försäljning hjalp hjälp inköp kansli kundservice
    kundtjanst kundtjänst ordrar vaxel växel bestilling bogholderi firmapost kundeservice okonomi økonomi
    regnskab salg fakturace fakturacni informace kancelar kancelář nakup nákup objednavky objednávky obchod
    podpora prodej ucetni účetní
"""
_ROLES = frozenset(_WORDS.split())
_JOINT = "[._-]"
_MACHINES = re.compile(
    r"(?:(?:no|do-?not|dont)-?reply|mailer-?daemon|bounces?|auto-?(?:reply|responder)|notifications?"
    r"|niet-?(?:beantwoorden|reageren)|geen-?antwoord|nicht-?antworten|keine-?antwort"
    r"|ne-?pas-?r[eé]pondre|pas-?de-?r[eé]ponse)(?![^\W\d_])".replace("-?", f"{_JOINT}?")
)
_REGIONAL = re.compile(rf"([^\W\d_]{{3,}})(?:{_JOINT}[a-z]{{2}}|{_JOINT}?\d{{1,4}})")  # info-nl, sales2


def is_role(address: Address) -> bool:
    """Whether an e-mail address is a role's (info@, klantenservice@, noreply@…); false for other kinds.

    The names of desks in thirteen languages are known, also with a tag, a country or a number behind them.
    A person whose name is such a word is taken for a role: she is then never joined by evidence alone.
    """
    if address.kind != "email":
        return False
    local = address.value.rpartition("@")[0].strip('"').partition("+")[0]
    if re.sub(_JOINT, "", local) in _ROLES or _MACHINES.match(local):
        return True
    regional = _REGIONAL.fullmatch(local)
    return regional is not None and regional[1] in _ROLES


_FAMILY = (
    "family|familie|familia|família|famille|famiglia|familien|familjen|rodzina|rodina|ailesi|aile|household"
)
_HOUSEHOLD = re.compile(
    rf"(?:the|die|la|los|les|de)[._-]?[^\W\d_.-].*(?:{_FAMILY})\d*"
    rf"|(?:fam|{_FAMILY})[._-].+|.+[._-](?:fam|{_FAMILY})\d*"
    r"|(?:mr|herr|dhr)[._-]?(?:and|und|en|&)[._-]?(?:mrs|frau|mevr).*"
)


def is_household(address: Address) -> bool:
    """Whether an e-mail address is a family's, by its own words: the.smith.family@, familie-jansen@."""
    if address.kind != "email":
        return False
    local = address.value.rpartition("@")[0].strip('"').partition("+")[0]
    return _HOUSEHOLD.fullmatch(local) is not None
