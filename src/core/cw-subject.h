/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * CwAttributeType:
 * @id: its short name ("CN", "O", …), as it is stored
 * @oid: its object identifier in dotted form
 * @title: (translated on use with _()): what a person calls it ("Organisation")
 * @max_length: the upper bound of RFC 5280, appendix A.1, in characters
 *
 * One attribute type of a distinguished name that is known by name.
 */
typedef struct
{
  const char *id;
  const char *oid;
  const char *title;
  guint max_length;
} CwAttributeType;

/**
 * cw_attribute_types:
 * @n_types: (out): how many there are
 *
 * Returns: the known types, in the order in which they are offered: CN, O, OU,
 *   L, ST, C, emailAddress, DC, serialNumber, GN, SN, title, UID
 */
const CwAttributeType *cw_attribute_types (guint *n_types);

/**
 * cw_attribute_type_find:
 * @name: a short name in any case ("cn", "emailAddress"), its long name
 *   ("commonName"), or a dotted OID
 *
 * Returns: (nullable): the known type
 */
const CwAttributeType *cw_attribute_type_find (const char *name);

/**
 * cw_attribute_check:
 * @type: a known short name or a dotted OID
 * @value: (nullable): what was typed
 * @error: %CW_ERROR_INVALID with a sentence that says what is wrong
 *
 * The limits of RFC 5280: not empty, the length in characters, UTF-8, no
 * control characters, C exactly two letters, emailAddress and DC in ASCII, a
 * well-formed OID for a type that is not known by name.
 */
gboolean cw_attribute_check (const char *type, const char *value, GError **error);

/**
 * CwSubject:
 *
 * A distinguished name (RFC 5280, 4.1.2.4): attributes in the order in which
 * they will be encoded; a type may occur several times.
 */
#define CW_TYPE_SUBJECT (cw_subject_get_type ())
G_DECLARE_FINAL_TYPE (CwSubject, cw_subject, CW, SUBJECT, GObject)

/**
 * CwSubject::changed:
 *
 * Emitted after each change.
 */

CwSubject *cw_subject_new (void);

guint cw_subject_get_n_attributes (CwSubject *self);
const char *cw_subject_get_attribute_type (CwSubject *self, guint i);
const char *cw_subject_get_attribute_value (CwSubject *self, guint i);

/**
 * cw_attribute_equal:
 *
 * Whether two attributes are encoded alike: the country's code goes into a
 * name in capitals, whatever was typed.
 */
gboolean cw_attribute_equal (const char *type_a,
                             const char *value_a,
                             const char *type_b,
                             const char *value_b);

/**
 * cw_subject_append:
 * @type: a known name (kept as its short name) or a dotted OID
 * @value: its value; not checked here, since a draft may hold half a word
 */
void cw_subject_append (CwSubject *self, const char *type, const char *value);
void cw_subject_clear (CwSubject *self);

/**
 * cw_subject_get:
 *
 * Returns: (nullable): the value of the first attribute of @type
 */
const char *cw_subject_get (CwSubject *self, const char *type);

/**
 * cw_subject_check:
 *
 * Checks each attribute with cw_attribute_check(); at least one must be there.
 */
gboolean cw_subject_check (CwSubject *self, GError **error);

/**
 * cw_subject_to_string:
 *
 * Returns: (transfer full): for reading, in the encoded order:
 *   "CN = steve@example.com, O = Example". Escaped as in RFC 4514.
 */
char *cw_subject_to_string (CwSubject *self);

/**
 * cw_subject_get_title:
 *
 * Returns: (transfer full): what a person would call this subject: the common
 *   name, or else the first value there is, or else ""
 */
char *cw_subject_get_title (CwSubject *self);

/**
 * cw_subject_equal:
 *
 * The same attributes in the same order; values compared by characters.
 */
gboolean cw_subject_equal (CwSubject *a, CwSubject *b);

G_END_DECLS
