/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-alt-name.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-subject.h"
#include "cw-text.h"
#include "cw-usage.h"

typedef struct
{
  char *type;
  char *value;
} Attribute;

struct _CwSubject
{
  GObject parent_instance;

  GPtrArray *attributes;
};

G_DEFINE_FINAL_TYPE (CwSubject, cw_subject, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* RFC 5280 bounds all but DC, a label of a domain (RFC 1034), and UID (RFC 1274). */
static const CwAttributeType types[] = {
  { "CN", "2.5.4.3", N_ ("Name"), 64 },
  { "O", "2.5.4.10", N_ ("Organisation"), 64 },
  { "OU", "2.5.4.11", N_ ("Organisational unit"), 64 },
  { "L", "2.5.4.7", N_ ("City or town"), 128 },
  { "ST", "2.5.4.8", N_ ("State or province"), 128 },
  { "C", "2.5.4.6", N_ ("Country"), 2 },
  { "emailAddress", "1.2.840.113549.1.9.1", N_ ("E-mail address"), 255 },
  { "DC", "0.9.2342.19200300.100.1.25", N_ ("Domain component"), 63 },
  { "serialNumber", "2.5.4.5", N_ ("Serial number"), 64 },
  { "GN", "2.5.4.42", N_ ("Given name"), 32768 },
  { "SN", "2.5.4.4", N_ ("Surname"), 32768 },
  { "title", "2.5.4.12", N_ ("Title"), 64 },
  { "UID", "0.9.2342.19200300.100.1.1", N_ ("User ID"), 256 },
};

/* In the order of types. */
static const char *const long_names[] = {
  "commonName",
  "organizationName",
  "organizationalUnitName",
  "localityName",
  "stateOrProvinceName",
  "countryName",
  "emailAddress",
  "domainComponent",
  "serialNumber",
  "givenName",
  "surname",
  "title",
  "userId",
};

G_STATIC_ASSERT (G_N_ELEMENTS (types) == G_N_ELEMENTS (long_names));

/* For a type that is known by its number alone: the bound of X.520's DirectoryString. */
#define MAX_LENGTH_OTHER 32768

static void
attribute_free (Attribute *attribute)
{
  g_free (attribute->type);
  g_free (attribute->value);
  g_free (attribute);
}

static const Attribute *
get_attribute (CwSubject *self, guint i)
{
  return g_ptr_array_index (self->attributes, i);
}

static const char *
normalize_type (const char *type)
{
  const CwAttributeType *known = cw_attribute_type_find (type);

  return known != NULL ? known->id : type;
}

static gboolean
is_type (const char *type, const char *id)
{
  return g_str_equal (type, id);
}

static const char *
get_type_title (const char *type)
{
  const CwAttributeType *known = cw_attribute_type_find (type);

  return known != NULL ? _ (known->title) : type;
}

static gboolean G_GNUC_PRINTF (2, 3) invalid (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CW_ERROR, CW_ERROR_INVALID, format, args));
  va_end (args);

  return FALSE;
}

static gboolean
check_characters (const char *title, const char *value, GError **error)
{
  gunichar last;

  if (!g_utf8_validate (value, -1, NULL))
    return invalid (error, _ ("“%s” is not valid text (UTF-8). Type it anew."), title);
  if (cw_text_has_hidden (value))
    return invalid (error,
                    _ ("“%s” has a character in it that cannot be seen, such as a line break. "
                       "Delete it and type it anew."),
                    title);

  last = g_utf8_get_char (g_utf8_prev_char (value + strlen (value)));
  if (g_unichar_isspace (g_utf8_get_char (value)))
    return invalid (error, _ ("“%s” starts with a blank. Remove it."), title);
  if (g_unichar_isspace (last))
    return invalid (error, _ ("“%s” ends with a blank. Remove it."), title);

  return TRUE;
}

static gboolean
check_length (const char *title, const char *value, guint max_length, GError **error)
{
  glong length = g_utf8_strlen (value, -1);

  if (length <= (glong) max_length)
    return TRUE;

  return invalid (
      error,
      /* Translators: the title of a field, how long it is, how long it may be */
      ngettext ("“%1$s” has %2$ld character, and at most %3$u are permitted. Shorten it.",
                "“%1$s” has %2$ld characters, and at most %3$u are permitted. Shorten it.",
                (gulong) length),
      title, length, max_length);
}

static gboolean
is_printable_string (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (" '()+,-./:=?", *p) == NULL)
      return FALSE;

  return TRUE;
}

static gboolean
check_country (const char *value, GError **error)
{
  if (strlen (value) == 2 && g_ascii_isalpha (value[0]) && g_ascii_isalpha (value[1]))
    return TRUE;

  return invalid (
      error,
      _ ("“%s” is not a country code. Choose the country from the list, or type its two "
         "letters, as in GB."),
      value);
}

static gboolean
check_email (const char *value, GError **error)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_EMAIL, value);

  if (!g_str_is_ascii (value))
    return invalid (error,
                    _ ("“%s” has letters in it that this field cannot hold. Add the e-mail address "
                       "as an alternative name instead."),
                    value);

  return cw_alt_name_check (name, error);
}

static gboolean
check_alphabet (const CwAttributeType *type, const char *value, GError **error)
{
  if (is_type (type->id, "C"))
    return check_country (value, error);
  if (is_type (type->id, "emailAddress"))
    return check_email (value, error);
  if (is_type (type->id, "DC") && !g_str_is_ascii (value))
    return invalid (error,
                    _ ("“%s” has letters in it that a domain component cannot hold. Type it in its "
                       "“xn--” form."),
                    value);
  if (is_type (type->id, "serialNumber") && !is_printable_string (value))
    return invalid (error,
                    _ ("“%s” has characters in it that a serial number cannot hold. Letters from A "
                       "to Z, digits, blanks and ' ( ) + , - . / : = ? are permitted."),
                    value);

  return TRUE;
}

/* As RFC 4514, 2.4, has it; what is hidden was escaped when it was read. */
static void
append_escaped (GString *string, const char *value)
{
  gsize length = strlen (value);

  for (gsize i = 0; i < length; i++)
    {
      gboolean at_edge =
          (i == 0 && (value[i] == '#' || value[i] == ' ')) || (i == length - 1 && value[i] == ' ');

      if (at_edge || strchr ("\"+,;<>\\", value[i]) != NULL)
        g_string_append_c (string, '\\');
      g_string_append_c (string, value[i]);
    }
}

static int
get_string_type (const char *type)
{
  if (is_type (type, "C") || is_type (type, "serialNumber"))
    return V_ASN1_PRINTABLESTRING;
  if (is_type (type, "emailAddress") || is_type (type, "DC"))
    return V_ASN1_IA5STRING;

  return V_ASN1_UTF8STRING;
}

static gboolean
add_entry (X509_NAME *name, const Attribute *attribute)
{
  const CwAttributeType *known = cw_attribute_type_find (attribute->type);
  const char *oid = known != NULL ? known->oid : attribute->type;
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);
  g_autofree char *upper = NULL;
  const char *value = attribute->value;

  if (object == NULL)
    return FALSE;
  if (is_type (attribute->type, "C"))
    value = upper = g_ascii_strup (value, -1);

  return X509_NAME_add_entry_by_OBJ (name, object, get_string_type (attribute->type),
                                     (const unsigned char *) value, (int) strlen (value), -1,
                                     0) == 1;
}

/* What is no text: "#" and its DER (RFC 4514, 2.4). */
static char *
value_to_hex (const ASN1_STRING *value)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long length;

  if (bio == NULL ||
      ASN1_STRING_print_ex (bio, value, ASN1_STRFLGS_DUMP_ALL | ASN1_STRFLGS_DUMP_DER) < 0)
    return g_strdup ("#");
  length = BIO_get_mem_data (bio, &text);

  return g_strndup (text, (gsize) length);
}

static char *
value_to_text (const ASN1_STRING *value)
{
  unsigned char *utf8 = NULL;
  char *text;
  int length;

  ERR_set_mark ();
  length = ASN1_STRING_to_UTF8 (&utf8, value);
  ERR_pop_to_mark ();
  if (length < 0)
    return value_to_hex (value);

  text = cw_text_escape_hidden ((const char *) utf8, (gsize) length);
  OPENSSL_free (utf8);

  return text;
}

static void
append_taking (CwSubject *self, const char *type, char *value)
{
  Attribute *attribute = g_new0 (Attribute, 1);

  attribute->type = g_strdup (normalize_type (type));
  attribute->value = value;
  g_ptr_array_add (self->attributes, attribute);
}

static void
cw_subject_finalize (GObject *object)
{
  CwSubject *self = CW_SUBJECT (object);

  g_ptr_array_unref (self->attributes);

  G_OBJECT_CLASS (cw_subject_parent_class)->finalize (object);
}

static void
cw_subject_class_init (CwSubjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = cw_subject_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cw_subject_init (CwSubject *self)
{
  self->attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) attribute_free);
}

const CwAttributeType *
cw_attribute_types (guint *n_types)
{
  g_return_val_if_fail (n_types != NULL, NULL);

  *n_types = G_N_ELEMENTS (types);

  return types;
}

const CwAttributeType *
cw_attribute_type_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].id, name) == 0 ||
        g_ascii_strcasecmp (long_names[i], name) == 0 || g_str_equal (types[i].oid, name))
      return &types[i];

  return NULL;
}

gboolean
cw_attribute_equal (const char *type_a,
                    const char *value_a,
                    const char *type_b,
                    const char *value_b)
{
  g_return_val_if_fail (type_a != NULL && type_b != NULL, FALSE);
  g_return_val_if_fail (value_a != NULL && value_b != NULL, FALSE);

  if (!g_str_equal (type_a, type_b))
    return FALSE;

  return is_type (type_a, "C") ? g_ascii_strcasecmp (value_a, value_b) == 0
                               : g_str_equal (value_a, value_b);
}

gboolean
cw_attribute_check (const char *type, const char *value, GError **error)
{
  const CwAttributeType *known;
  const char *title;

  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  known = cw_attribute_type_find (type);
  if (known == NULL && !cw_oid_check (type, error))
    return FALSE;

  title = get_type_title (type);
  if (value == NULL || *value == '\0')
    return invalid (error, _ ("“%s” is empty. Fill it in, or remove it."), title);
  if (!check_characters (title, value, error))
    return FALSE;
  /* For a country the sentence about its two letters says more than one about lengths. */
  if (known != NULL && is_type (known->id, "C"))
    return check_country (value, error);
  if (!check_length (title, value, known != NULL ? known->max_length : MAX_LENGTH_OTHER, error))
    return FALSE;

  return known == NULL || check_alphabet (known, value, error);
}

CwSubject *
cw_subject_new (void)
{
  return g_object_new (CW_TYPE_SUBJECT, NULL);
}

guint
cw_subject_get_n_attributes (CwSubject *self)
{
  g_return_val_if_fail (CW_IS_SUBJECT (self), 0);

  return self->attributes->len;
}

const char *
cw_subject_get_attribute_type (CwSubject *self, guint i)
{
  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);
  g_return_val_if_fail (i < self->attributes->len, NULL);

  return get_attribute (self, i)->type;
}

const char *
cw_subject_get_attribute_value (CwSubject *self, guint i)
{
  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);
  g_return_val_if_fail (i < self->attributes->len, NULL);

  return get_attribute (self, i)->value;
}

void
cw_subject_append (CwSubject *self, const char *type, const char *value)
{
  g_return_if_fail (CW_IS_SUBJECT (self));
  g_return_if_fail (type != NULL);
  g_return_if_fail (value != NULL);

  append_taking (self, type, g_strdup (value));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cw_subject_clear (CwSubject *self)
{
  g_return_if_fail (CW_IS_SUBJECT (self));

  if (self->attributes->len == 0)
    return;

  g_ptr_array_set_size (self->attributes, 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
cw_subject_get (CwSubject *self, const char *type)
{
  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  type = normalize_type (type);
  for (guint i = 0; i < self->attributes->len; i++)
    if (g_str_equal (get_attribute (self, i)->type, type))
      return get_attribute (self, i)->value;

  return NULL;
}

gboolean
cw_subject_check (CwSubject *self, GError **error)
{
  g_return_val_if_fail (CW_IS_SUBJECT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->attributes->len == 0)
    return invalid (error, _ ("The certificate has no name yet. Type who it is for."));

  for (guint i = 0; i < self->attributes->len; i++)
    {
      const Attribute *attribute = get_attribute (self, i);

      if (!cw_attribute_check (attribute->type, attribute->value, error))
        return FALSE;
    }

  return TRUE;
}

char *
cw_subject_to_string (CwSubject *self)
{
  GString *string;

  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);

  string = g_string_new (NULL);
  for (guint i = 0; i < self->attributes->len; i++)
    {
      const Attribute *attribute = get_attribute (self, i);

      g_string_append_printf (string, "%s%s = ", i > 0 ? ", " : "", attribute->type);
      append_escaped (string, attribute->value);
    }

  return g_string_free (string, FALSE);
}

char *
cw_subject_get_title (CwSubject *self)
{
  const char *title;

  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);

  title = cw_subject_get (self, "CN");
  for (guint i = 0; (title == NULL || *title == '\0') && i < self->attributes->len; i++)
    title = get_attribute (self, i)->value;

  return g_strdup (title != NULL ? title : "");
}

gboolean
cw_subject_equal (CwSubject *a, CwSubject *b)
{
  g_return_val_if_fail (CW_IS_SUBJECT (a), FALSE);
  g_return_val_if_fail (CW_IS_SUBJECT (b), FALSE);

  if (a->attributes->len != b->attributes->len)
    return FALSE;
  for (guint i = 0; i < a->attributes->len; i++)
    {
      const Attribute *one = get_attribute (a, i);
      const Attribute *other = get_attribute (b, i);

      if (!cw_attribute_equal (one->type, one->value, other->type, other->value))
        return FALSE;
    }

  return TRUE;
}

CwSubject *
cw_subject_new_for_name (const X509_NAME *name)
{
  CwSubject *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = cw_subject_new ();
  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    {
      const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
      g_autofree char *oid = cw_oid_from_object (X509_NAME_ENTRY_get_object (entry));

      append_taking (self, oid, value_to_text (X509_NAME_ENTRY_get_data (entry)));
    }

  return self;
}

X509_NAME *
cw_subject_to_name (CwSubject *self, GError **error)
{
  g_autoptr (X509_NAME) name = NULL;

  g_return_val_if_fail (CW_IS_SUBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ERR_clear_error ();
  name = X509_NAME_new ();
  for (guint i = 0; i < self->attributes->len; i++)
    {
      const Attribute *attribute = get_attribute (self, i);

      if (!cw_attribute_check (attribute->type, attribute->value, error))
        return NULL;
      if (name == NULL || !add_entry (name, attribute))
        {
          cw_error_set_openssl (error, CW_ERROR_FAILED, _ ("“%s” cannot be put into a request."),
                                get_type_title (attribute->type));
          return NULL;
        }
    }

  return g_steal_pointer (&name);
}

char *
cw_oid_from_object (const ASN1_OBJECT *object)
{
  g_autofree char *text = NULL;
  int length;

  g_return_val_if_fail (object != NULL, NULL);

  length = OBJ_obj2txt (NULL, 0, object, 1);
  if (length <= 0)
    return g_strdup ("");
  text = g_malloc ((gsize) length + 1);
  OBJ_obj2txt (text, length + 1, object, 1);

  return g_steal_pointer (&text);
}
