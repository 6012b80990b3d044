"""GraphQL of the Shopify Admin API, as its reference prints it (shopify.dev/docs/api/admin-graphql, read 2026-11)."""

PRODUCT = """
id handle title descriptionHtml productType status vendor updatedAt onlineStoreUrl
featuredMedia { preview { image { url } } }
variants(first: 50, after: $more) {
  nodes { id sku title price compareAtPrice inventoryQuantity inventoryItem { tracked }
    selectedOptions { name value } }
  pageInfo { hasNextPage endCursor }
}
"""

ORDER = """
id name createdAt processedAt updatedAt cancelledAt note currencyCode email phone
displayFinancialStatus displayFulfillmentStatus
totalPriceSet { shopMoney { amount } } totalReceivedSet { shopMoney { amount } }
subtotalPriceSet { shopMoney { amount } } totalDiscountsSet { shopMoney { amount } }
totalShippingPriceSet { shopMoney { amount } }
customer { id displayName }
shippingAddress { name phone country province city address1 address2 zip }
lineItems(first: 50) { nodes { id title variantTitle sku quantity product { id }
  discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } } } }
fulfillments(first: 10) { createdAt deliveredAt displayStatus
  trackingInfo(first: 3) { company number }
  events(first: 30) { nodes { happenedAt status message city province } } }
"""

SHOP = "query { shop { name } }"
MONEY = "query { shop { currencyCode } }"
PRODUCTS = (
    "query($after: String, $query: String, $more: String) { shop { currencyCode } products(first: 10, after: $after,"
    " query: $query, sortKey: UPDATED_AT) { nodes {" + PRODUCT + "} pageInfo { hasNextPage endCursor } } }"
)
ONE_PRODUCT = "query($id: ID!, $more: String) { shop { currencyCode } product(id: $id) {" + PRODUCT + "} }"
STOCK = (
    "query($query: String!) { productVariants(first: 100, query: $query) { nodes"
    " { id sku inventoryQuantity inventoryItem { tracked } } } }"
)
ORDERS = (
    "query($after: String, $query: String) { orders(first: 10, after: $after, query: $query, sortKey: UPDATED_AT)"
    " { nodes {" + ORDER + "} pageInfo { hasNextPage endCursor } } }"
)
ONE_ORDER = "query($id: ID!) { order(id: $id) {" + ORDER + "} }"

SHIPPED_LINES = """query($id: ID!) { order(id: $id) { fulfillments(first: 20) { fulfillmentLineItems(first: 100) {
  nodes { id quantity lineItem { id } } } } } }"""
DEEDS = """query($id: ID!) { order(id: $id) { cancelledAt
  shippingAddress { address1 address2 city countryCodeV2 provinceCode zip name phone }
  refunds(first: 50) { id note }
  returns(first: 50) { nodes { id name status returnLineItems(first: 50) { nodes {
    ... on ReturnLineItem { customerNote } } } } } } }"""
SUGGESTED = """query($id: ID!, $lines: [RefundLineItemInput!], $full: Boolean) { order(id: $id) {
  suggestedRefund(refundLineItems: $lines, suggestFullRefund: $full) { amountSet { shopMoney { amount } }
    suggestedTransactions { gateway parentTransaction { id } amountSet { shopMoney { amount } } } } } }"""
RETURN = """mutation($input: ReturnRequestInput!) { returnRequest(input: $input) {
  return { id name status } userErrors { field message } } }"""
REFUND = """mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id } userErrors { field message } } }"""
CANCEL = """mutation($id: ID!, $refund: OrderCancelRefundMethodInput!, $note: String) { orderCancel(orderId: $id,
  reason: CUSTOMER, refundMethod: $refund, restock: true, notifyCustomer: true, staffNote: $note) {
  job { id done } orderCancelUserErrors { field message } } }"""
ADDRESS = """mutation($input: OrderInput!) { orderUpdate(input: $input) {
  order { id } userErrors { field message } } }"""
