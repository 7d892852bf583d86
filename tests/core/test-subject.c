/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-error.h"
#include "cw-openssl.h"

static void
assert_valid (const char *type, const char *value)
{
  g_autoptr (GError) error = NULL;

  cw_attribute_check (type, value, &error);
  g_assert_no_error (error);
}

static void
assert_invalid (const char *type, const char *value, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_attribute_check (type, value, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, words);
}

static char *
repeat (const char *text, guint n)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

static GBytes *
encode_name (X509_NAME *name)
{
  unsigned char *der = NULL;
  int length = i2d_X509_NAME (name, &der);
  GBytes *bytes = g_bytes_new (der, (gsize) length);

  OPENSSL_free (der);

  return bytes;
}

static GBytes *
encode_subject (CwSubject *subject)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509_NAME) name = cw_subject_to_name (subject, &error);

  g_assert_no_error (error);

  return encode_name (name);
}

static CwSubject *
decode_subject (GBytes *der)
{
  gsize size;
  const unsigned char *data = g_bytes_get_data (der, &size);
  g_autoptr (X509_NAME) name = d2i_X509_NAME (NULL, &data, (long) size);

  g_assert_nonnull (name);

  return cw_subject_new_for_name (name);
}

static void
test_attribute_types (void)
{
  static const char *const ids[] = { "CN",           "O",  "OU",           "L",  "ST", "C",
                                     "emailAddress", "DC", "serialNumber", "GN", "SN", "title",
                                     "UID" };
  guint n_types;
  const CwAttributeType *types = cw_attribute_types (&n_types);

  g_assert_cmpuint (n_types, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < n_types; i++)
    {
      int nid = OBJ_txt2nid (types[i].oid);

      g_assert_cmpstr (types[i].id, ==, ids[i]);
      g_assert_cmpstr (OBJ_nid2sn (nid), ==, ids[i]);
      g_assert_cmpint (strlen (types[i].title), >, 0);
      g_assert_cmpuint (types[i].max_length, >, 0);
      g_assert_true (cw_attribute_type_find (ids[i]) == &types[i]);
      g_assert_true (cw_attribute_type_find (types[i].oid) == &types[i]);
      g_assert_true (cw_attribute_type_find (OBJ_nid2ln (nid)) == &types[i]);
    }
}

static void
test_attribute_find (void)
{
  g_assert_cmpstr (cw_attribute_type_find ("cn")->id, ==, "CN");
  g_assert_cmpstr (cw_attribute_type_find ("COMMONNAME")->id, ==, "CN");
  g_assert_cmpstr (cw_attribute_type_find ("sn")->id, ==, "SN");
  g_assert_cmpstr (cw_attribute_type_find ("EMAILADDRESS")->id, ==, "emailAddress");
  g_assert_null (cw_attribute_type_find ("1.2.3"));
  g_assert_null (cw_attribute_type_find ("nonsense"));
  g_assert_null (cw_attribute_type_find (""));
}

static void
test_attribute_valid (void)
{
  assert_valid ("CN", "steve@example.com");
  assert_valid ("CN", "Åsa Öberg");
  assert_valid ("commonName", "李小龙");
  assert_valid ("O", "Example, Inc. \"+<>;=#\\");
  assert_valid ("C", "GB");
  assert_valid ("C", "gb");
  assert_valid ("emailAddress", "steve@example.com");
  assert_valid ("DC", "example");
  assert_valid ("serialNumber", "A-1 (b)/2:?='+,.");
  assert_valid ("UID", "steve");
  assert_valid ("2.5.4.9", "1 Example Street");
  assert_valid ("1.2.3.4", "anything");
  /* A joiner belongs to the way some scripts are written. */
  assert_valid ("CN", "می‌خواهم");
}

static void
test_attribute_lengths (void)
{
  guint n_types;
  const CwAttributeType *types = cw_attribute_types (&n_types);

  for (guint i = 0; i < n_types; i++)
    {
      g_autofree char *longest = repeat ("a", types[i].max_length);
      g_autofree char *too_long = repeat ("a", types[i].max_length + 1);

      if (g_str_equal (types[i].id, "emailAddress"))
        continue;
      assert_valid (types[i].id, longest);
      assert_invalid (types[i].id, too_long, g_str_equal (types[i].id, "C") ? "two" : "Shorten");
    }
}

/* Characters, not bytes. */
static void
test_attribute_lengths_characters (void)
{
  g_autofree char *longest = repeat ("é", 64);
  g_autofree char *too_long = repeat ("é", 65);
  g_autofree char *email = repeat ("a", 250);
  g_autofree char *long_email = g_strconcat (email, "@example.com", NULL);

  assert_valid ("O", longest);
  assert_invalid ("O", too_long, "“Organisation” has 65 characters, and at most 64");
  assert_invalid ("emailAddress", long_email, "at most 255");
}

static void
test_attribute_invalid (void)
{
  assert_invalid ("CN", "", "“Name” is empty");
  assert_invalid ("CN", NULL, "“Name” is empty");
  assert_invalid ("CN", " ", "blank");
  assert_invalid ("CN", " steve", "starts with a blank");
  assert_invalid ("CN", "steve ", "ends with a blank");
  assert_invalid ("CN", "steve\xc2\xa0", "ends with a blank");
  assert_invalid ("CN", "a\nb", "cannot be seen");
  assert_invalid ("CN", "a\tb", "cannot be seen");
  assert_invalid ("CN", "a\x7f", "cannot be seen");
  assert_invalid ("CN", "a\xc2\x85z", "cannot be seen");
  assert_invalid ("CN", "a\xe2\x80\xaez", "cannot be seen"); /* U+202E */
  assert_invalid ("CN", "a\xe2\x81\xa6z", "cannot be seen"); /* U+2066 */
  assert_invalid ("CN", "a\xe2\x80\xa8z", "cannot be seen"); /* U+2028 */
  assert_invalid ("CN", "\xef\xbb\xbfz", "cannot be seen");  /* U+FEFF */
  assert_invalid ("CN", "a\xff", "UTF-8");
  assert_invalid ("C", "GBR", "two letters");
  assert_invalid ("C", "G", "two letters");
  assert_invalid ("C", "G1", "two letters");
  assert_invalid ("C", "ÅÄ", "two letters");
  assert_invalid ("C", "United Kingdom", "two letters");
  assert_invalid ("emailAddress", "stéve@example.com", "cannot hold");
  assert_invalid ("emailAddress", "steve", "“@” is missing");
  assert_invalid ("emailAddress", "steve@example.co m", "blank");
  assert_invalid ("DC", "exämple", "xn--");
  assert_invalid ("serialNumber", "A_1", "serial number");
  assert_invalid ("serialNumber", "№1", "serial number");
  assert_invalid ("1.2.3.4", "", "“1.2.3.4” is empty");
  assert_invalid ("nonsense", "x", "object identifier");
  assert_invalid ("9.2.3", "x", "object identifier");
}

static void
count_cb (CwSubject *subject, guint *n)
{
  (*n)++;
}

static void
test_subject_edit (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  guint n_changes = 0;

  g_signal_connect (subject, "changed", G_CALLBACK (count_cb), &n_changes);
  cw_subject_clear (subject);
  g_assert_cmpuint (n_changes, ==, 0);
  cw_subject_append (subject, "commonname", "steve");
  cw_subject_append (subject, "OU", "First");
  cw_subject_append (subject, "2.5.4.11", "Second");
  cw_subject_append (subject, "1.2.3.4", "half a w");
  g_assert_cmpuint (n_changes, ==, 4);

  g_assert_cmpuint (cw_subject_get_n_attributes (subject), ==, 4);
  g_assert_cmpstr (cw_subject_get_attribute_type (subject, 0), ==, "CN");
  g_assert_cmpstr (cw_subject_get_attribute_type (subject, 2), ==, "OU");
  g_assert_cmpstr (cw_subject_get_attribute_value (subject, 2), ==, "Second");
  g_assert_cmpstr (cw_subject_get (subject, "organizationalUnitName"), ==, "First");
  g_assert_cmpstr (cw_subject_get (subject, "1.2.3.4"), ==, "half a w");
  g_assert_null (cw_subject_get (subject, "O"));

  cw_subject_clear (subject);
  g_assert_cmpuint (cw_subject_get_n_attributes (subject), ==, 0);
  g_assert_cmpuint (n_changes, ==, 5);
}

static void
test_subject_check (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_subject_check (subject, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);

  cw_subject_append (subject, "CN", "steve");
  g_assert_true (cw_subject_check (subject, &error));
  g_assert_no_error (error);

  cw_subject_append (subject, "C", "Scotland");
  g_assert_false (cw_subject_check (subject, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Scotland"));
  g_clear_error (&error);
  g_assert_null (cw_subject_to_name (subject, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_subject_round_trip (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autoptr (CwSubject) again = NULL;
  g_autoptr (GBytes) der = NULL;
  guint n_types;
  const CwAttributeType *types = cw_attribute_types (&n_types);

  /* Backwards, and two of a kind apart: the order is the person's. */
  for (guint i = n_types; i-- > 0;)
    cw_subject_append (subject, types[i].id,
                       g_str_equal (types[i].id, "C")              ? "GB"
                       : g_str_equal (types[i].id, "emailAddress") ? "steve@example.com"
                       : g_str_equal (types[i].id, "DC")           ? "example"
                       : g_str_equal (types[i].id, "serialNumber") ? "12 (3)"
                                                                   : "Åse 李");
  cw_subject_append (subject, "OU", "Another unit");
  cw_subject_append (subject, "2.5.4.9", "1 Example Street");
  cw_subject_append (subject, "1.2.3.4.5", "öther");

  der = encode_subject (subject);
  again = decode_subject (der);
  g_assert_true (cw_subject_equal (subject, again));
}

static void
test_subject_string_types (void)
{
  static const struct
  {
    const char *type, *value;
    int string_type;
  } cases[] = {
    { "CN", "steve", V_ASN1_UTF8STRING },
    { "C", "gb", V_ASN1_PRINTABLESTRING },
    { "serialNumber", "1", V_ASN1_PRINTABLESTRING },
    { "emailAddress", "steve@example.com", V_ASN1_IA5STRING },
    { "DC", "com", V_ASN1_IA5STRING },
    { "1.2.3.4", "x", V_ASN1_UTF8STRING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CwSubject) subject = cw_subject_new ();
      g_autoptr (X509_NAME) name = NULL;
      ASN1_STRING *string;

      cw_subject_append (subject, cases[i].type, cases[i].value);
      name = cw_subject_to_name (subject, NULL);
      string = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, 0));
      g_assert_cmpint (ASN1_STRING_type (string), ==, cases[i].string_type);
      if (i == 1)
        g_assert_cmpmem (ASN1_STRING_get0_data (string), ASN1_STRING_length (string), "GB", 2);
    }
}

static void
add (X509_NAME *name, int string_type, const char *value, int length, int set)
{
  g_assert_cmpint (X509_NAME_add_entry_by_NID (name, NID_commonName, string_type,
                                               (const unsigned char *) value, length, -1, set),
                   ==, 1);
}

/* What other programs write: every string type, several attributes in one set, traps. */
static void
test_subject_foreign (void)
{
  static const char *const expected[] = {
    "printable", "Jos\xc3\xa9",    "\xc3\x85sa", "ia5",          "evil\\00.example.com",
    "a\\0Ab",    "a\\E2\\80\\AEb", "#3000",      "second of set"
  };
  g_autoptr (X509_NAME) name = X509_NAME_new ();
  g_autoptr (CwSubject) subject = NULL;
  g_autoptr (GBytes) der = NULL;

  add (name, V_ASN1_PRINTABLESTRING, "printable", -1, 0);
  add (name, V_ASN1_T61STRING, "Jos\xe9", -1, 0);
  add (name, V_ASN1_BMPSTRING, "\0\xc5\0s\0a", 6, 0);
  add (name, V_ASN1_IA5STRING, "ia5", -1, 0);
  add (name, V_ASN1_UTF8STRING, "evil\0.example.com", 17, 0);
  add (name, V_ASN1_UTF8STRING, "a\nb", -1, 0);
  add (name, V_ASN1_UTF8STRING,
       "a\xe2\x80\xae"
       "b",
       -1, 0);
  add (name, V_ASN1_SEQUENCE, "\x30\x00", 2, 0);
  add (name, V_ASN1_UTF8STRING, "second of set", -1, -1);

  der = encode_name (name);
  subject = decode_subject (der);
  g_assert_cmpuint (cw_subject_get_n_attributes (subject), ==, G_N_ELEMENTS (expected));
  /* DER sorts what is in one set. */
  for (guint i = 0; i < G_N_ELEMENTS (expected) - 2; i++)
    g_assert_cmpstr (cw_subject_get_attribute_value (subject, i), ==, expected[i]);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static void
test_subject_empty_name (void)
{
  g_autoptr (GBytes) der = g_bytes_new_static ("\x30\x00", 2);
  g_autoptr (CwSubject) subject = decode_subject (der);
  g_autofree char *string = cw_subject_to_string (subject);

  g_assert_cmpuint (cw_subject_get_n_attributes (subject), ==, 0);
  g_assert_cmpstr (string, ==, "");
}

static void
test_subject_to_string (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autofree char *string = NULL;

  cw_subject_append (subject, "CN", "steve@example.com");
  cw_subject_append (subject, "O", "Example, Inc. \"<+>;\\");
  cw_subject_append (subject, "OU", "#1 = one");
  cw_subject_append (subject, "L", " a b ");
  string = cw_subject_to_string (subject);
  g_assert_cmpstr (string, ==,
                   "CN = steve@example.com, O = Example\\, Inc. \\\"\\<\\+\\>\\;\\\\, "
                   "OU = \\#1 = one, L = \\ a b\\ ");
}

static void
test_subject_title (void)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autofree char *none = cw_subject_get_title (subject);
  g_autofree char *first = NULL;
  g_autofree char *name = NULL;

  g_assert_cmpstr (none, ==, "");
  cw_subject_append (subject, "O", "");
  cw_subject_append (subject, "OU", "Unit");
  first = cw_subject_get_title (subject);
  g_assert_cmpstr (first, ==, "Unit");
  cw_subject_append (subject, "CN", "steve");
  name = cw_subject_get_title (subject);
  g_assert_cmpstr (name, ==, "steve");
}

static CwSubject *
make_two (const char *type_a, const char *a, const char *type_b, const char *b)
{
  CwSubject *subject = cw_subject_new ();

  cw_subject_append (subject, type_a, a);
  cw_subject_append (subject, type_b, b);

  return subject;
}

static void
test_subject_equal (void)
{
  g_autoptr (CwSubject) subject = make_two ("CN", "steve", "C", "gb");
  g_autoptr (CwSubject) same = make_two ("2.5.4.3", "steve", "c", "GB");
  g_autoptr (CwSubject) swapped = make_two ("C", "gb", "CN", "steve");
  g_autoptr (CwSubject) other = make_two ("CN", "Steve", "C", "gb");
  g_autoptr (CwSubject) shorter = cw_subject_new ();

  cw_subject_append (shorter, "CN", "steve");
  g_assert_true (cw_subject_equal (subject, subject));
  g_assert_true (cw_subject_equal (subject, same));
  g_assert_false (cw_subject_equal (subject, swapped));
  g_assert_false (cw_subject_equal (subject, other));
  g_assert_false (cw_subject_equal (subject, shorter));
  g_assert_false (cw_subject_equal (shorter, subject));
}

static void
test_subject_freed (void)
{
  CwSubject *subject = cw_subject_new ();

  cw_subject_append (subject, "CN", "steve");
  g_assert_finalize_object (subject);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/attribute/types", test_attribute_types);
  g_test_add_func ("/attribute/find", test_attribute_find);
  g_test_add_func ("/attribute/valid", test_attribute_valid);
  g_test_add_func ("/attribute/lengths", test_attribute_lengths);
  g_test_add_func ("/attribute/lengths-characters", test_attribute_lengths_characters);
  g_test_add_func ("/attribute/invalid", test_attribute_invalid);
  g_test_add_func ("/subject/edit", test_subject_edit);
  g_test_add_func ("/subject/check", test_subject_check);
  g_test_add_func ("/subject/round-trip", test_subject_round_trip);
  g_test_add_func ("/subject/string-types", test_subject_string_types);
  g_test_add_func ("/subject/foreign", test_subject_foreign);
  g_test_add_func ("/subject/empty-name", test_subject_empty_name);
  g_test_add_func ("/subject/to-string", test_subject_to_string);
  g_test_add_func ("/subject/title", test_subject_title);
  g_test_add_func ("/subject/equal", test_subject_equal);
  g_test_add_func ("/subject/freed", test_subject_freed);

  return g_test_run ();
}
