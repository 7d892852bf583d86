/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that others wrote: characters that cannot be seen, or that make a name
 * look like another; and bytes as text.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cw_text_clean:
 * @text: what somebody else wrote: a name in a certificate, a file's name
 *
 * Makes @text fit to be shown within a sentence: valid UTF-8, no control
 * characters or line breaks, none of the characters that turn the direction of
 * what follows, at most 200 characters.
 *
 * Returns: (transfer full): the text to show
 */
char *cw_text_clean (const char *text);

/**
 * cw_text_is_hidden:
 *
 * Returns: whether @c is a control character, a line separator, an invisible
 *   one, or turns the direction of what follows (Unicode TR 36)
 */
gboolean cw_text_is_hidden (gunichar c);

/**
 * cw_text_has_hidden:
 * @text: valid UTF-8
 */
gboolean cw_text_has_hidden (const char *text);

/**
 * cw_text_has_unseen:
 * @text: valid UTF-8
 *
 * Stricter, for what somebody else wrote and is then trusted: joiners only where
 * they change how something is written (RFC 5892, appendix A), and no other blank
 * than the usual one.
 *
 * Returns: whether another text could look the same because of what is not seen
 *   in @text
 */
gboolean cw_text_has_unseen (const char *text);

/**
 * cw_text_escape_hidden:
 *
 * Returns: (transfer full): @length bytes of @text as valid UTF-8 without
 *   hidden characters: the bytes of those, and bytes that are not UTF-8, as
 *   "\0A" (RFC 4514)
 */
char *cw_text_escape_hidden (const char *text, gsize length);

/**
 * cw_text_append_item:
 * @list: what is there already; empty before the first
 *
 * Appends @item to a list within a sentence, with what the language puts between.
 */
void cw_text_append_item (GString *list, const char *item);

/**
 * cw_text_join_sentences:
 *
 * Returns: (transfer full): both, with what the language puts between sentences
 */
char *cw_text_join_sentences (const char *first, const char *second);

/**
 * cw_text_append_sentence:
 * @text: the sentences before it; may be empty
 *
 * Appends @sentence, with what the language puts between sentences.
 */
void cw_text_append_sentence (GString *text, const char *sentence);

/**
 * cw_text_drop_directions:
 *
 * For what is not shown in the window: translations into languages written from
 * right to left isolate what is filled in (U+2066 to U+2069), and mark the
 * direction of a word here and there (U+200E, U+200F, U+061C; Unicode annex 9).
 *
 * Returns: (transfer full): @text without them
 */
char *cw_text_drop_directions (const char *text);

/**
 * cw_text_from_bytes:
 *
 * Returns: (transfer full): upper-case hexadecimal pairs with colons, as people
 *   compare fingerprints
 */
char *cw_text_from_bytes (const guint8 *bytes, gsize n_bytes);

G_END_DECLS
