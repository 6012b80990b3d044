"""Questions about a shop's terms in languages other than Chinese and English, told by their stems."""

import unicodedata

_RETURNS = {
    "ja": ("返品", "返却", "交換でき", "返金"),
    "ko": ("반품", "교환", "환불"),
    "es": ("devol", "reembols", "cambiar el producto"),
    "fr": ("retourner", "retour", "rembours", "échanger"),
    "de": ("zurückgeb", "zurückschick", "rückgabe", "umtausch", "erstatt"),
    "pt": ("devol", "reembols", "trocar"),
    "ru": ("вернуть", "возврат", "обмен"),
    "it": ("reso", "restitu", "rimbors"),
    "vi": ("đổi trả", "trả hàng", "hoàn tiền"),
    "th": ("คืนสินค้า", "คืนเงิน", "เปลี่ยนสินค้า"),
    "ar": ("إرجاع", "استرجاع", "استبدال", "استرداد"),
    "id": ("retur", "pengembalian", "tukar barang", "mengembalikan"),
}
_SHIPPING = {
    "ja": ("送料", "配送料"),
    "ko": ("배송비", "택배비"),
    "es": ("gastos de envío", "envío gratis", "coste de envío", "costo de envío"),
    "fr": ("frais de port", "frais de livraison", "livraison gratuite"),
    "de": ("versandkosten", "kostenloser versand", "porto"),
    "pt": ("frete", "envio grátis"),
    "ru": ("стоимость доставки", "бесплатная доставка", "сколько стоит доставка"),
    "it": ("spese di spedizione", "spedizione gratuita"),
    "vi": ("phí ship", "phí vận chuyển", "freeship", "miễn phí vận chuyển"),
    "th": ("ค่าส่ง", "ส่งฟรี", "ค่าจัดส่ง"),
    "ar": ("رسوم الشحن", "شحن مجاني", "تكلفة الشحن"),
    "id": ("ongkir", "biaya kirim", "gratis ongkir"),
}


def terms_in(text: str, tag: str) -> list[str]:
    """`returns` and `shipping`, as far as `text` in the language of `tag` asks for them."""
    language, said = tag.split("-")[0], unicodedata.normalize("NFKC", text).casefold()
    both = (("returns", _RETURNS), ("shipping", _SHIPPING))
    return [name for name, stems in both if any(stem in said for stem in stems.get(language, ()))]
