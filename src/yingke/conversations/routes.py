"""All routes of this room."""

from yingke.conversations import (
    action_routes,
    contact_routes,
    follow_up_routes,
    guard_routes,
    guard_word_routes,
    left_message_routes,
    list_routes,
    message_routes,
    saved_reply_routes,
    translation_routes,
)

ROUTES = [
    *list_routes.ROUTES,
    *message_routes.ROUTES,
    *action_routes.ROUTES,
    *contact_routes.ROUTES,
    *saved_reply_routes.ROUTES,
    *left_message_routes.ROUTES,
    *follow_up_routes.ROUTES,
    *guard_routes.ROUTES,
    *guard_word_routes.ROUTES,
    *translation_routes.ROUTES,
]
