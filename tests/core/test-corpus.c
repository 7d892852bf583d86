/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything under tests/fixtures/replies, against its table: see the README there.
 */

#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "cw-chain.h"
#include "cw-report.h"
#include "cw-request.h"

#define TEMPLATE     "like "
#define DEFAULTS     TEMPLATE "everything"
#define MIN_FILES    150
#define MIN_BAD      60
#define MAX_TEMPLATE 4

static const char *const kinds[] = {
  [CW_REPLY_KIND_CERTIFICATE] = "certificate", [CW_REPLY_KIND_KEY] = "key",
  [CW_REPLY_KIND_REQUEST] = "request",         [CW_REPLY_KIND_CRL] = "crl",
  [CW_REPLY_KIND_LOCKED] = "locked",           [CW_REPLY_KIND_OTHER] = "other",
  [CW_REPLY_KIND_UNREADABLE] = "unreadable",
};

static const char *const roles[] = {
  [CW_REPLY_ROLE_UNKNOWN] = "unknown",           [CW_REPLY_ROLE_YOURS] = "yours",
  [CW_REPLY_ROLE_INTERMEDIATE] = "intermediate", [CW_REPLY_ROLE_ROOT] = "root",
  [CW_REPLY_ROLE_NOT_RELATED] = "not related",
};

static const char *const severities[] = {
  [CW_SEVERITY_GOOD] = "good",
  [CW_SEVERITY_NOTE] = "note",
  [CW_SEVERITY_WARNING] = "warning",
  [CW_SEVERITY_PROBLEM] = "problem",
};

static const char *const known_keys[] = {
  "about",      "also",   "asked", "at",          "bad",   "chain", "error",   "from",
  "has",        "items",  "key",   "key-missing", "lacks", "like",  "openssl", "other-request",
  "passphrase", "remark", "roles", "todo",        "worst", NULL,
};

static char *folder;
static GKeyFile *table;

/* What a file gave. */
typedef struct
{
  const char *row;
  CwReply *reply;
  GPtrArray *yours;
  CwChain *chain; /* NULL if there is no certificate that is ours */
  CwReport *report;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_object (&self->reply);
  g_clear_pointer (&self->yours, g_ptr_array_unref);
  g_clear_object (&self->chain);
  g_clear_object (&self->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* The row's own value, or that of what it is like. */
static char *
get_value (const char *row, const char *key)
{
  g_autofree char *group = g_strdup (row);
  for (guint i = 0; i < MAX_TEMPLATE; i++)
    {
      char *value = g_key_file_get_string (table, group, key, NULL);
      if (value != NULL)
        return value;
      g_autofree char *like = g_key_file_get_string (table, group, "like", NULL);
      if (like == NULL)
        break;
      g_free (group);
      group = g_strconcat (TEMPLATE, like, NULL);
      g_assert_true (g_key_file_has_group (table, group));
    }
  return g_key_file_get_string (table, DEFAULTS, key, NULL);
}

static char **
get_list (const char *row, const char *key)
{
  g_autofree char *value = get_value (row, key);
  char **list = g_strsplit (value != NULL ? value : "", ";", -1);
  for (guint i = 0; list[i] != NULL; i++)
    g_strstrip (list[i]);
  return list;
}

static gboolean
is_set (const char *row, const char *key)
{
  g_autofree char *value = get_value (row, key);
  return g_strcmp0 (value, "true") == 0;
}

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
add_file (CwReply *reply, const char *name)
{
  g_autofree char *path = path_of (name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  cw_reply_add_file (reply, file, NULL);
}

static gboolean
has_old_ciphers (void)
{
  OSSL_LIB_CTX *context = OSSL_LIB_CTX_new ();
  OSSL_PROVIDER *legacy = OSSL_PROVIDER_try_load (context, "legacy", 1);
  gboolean found = legacy != NULL;
  if (found)
    OSSL_PROVIDER_unload (legacy);
  OSSL_LIB_CTX_free (context);
  return found;
}

/* Why a row cannot be judged here; NULL if it can. */
static const char *
find_obstacle (const char *row)
{
  g_autofree char *openssl = get_value (row, "openssl");
  if (g_strcmp0 (openssl, "before 3.4") == 0 && OPENSSL_version_major () == 3 &&
      OPENSSL_version_minor () >= 4)
    return "this OpenSSL can read it";
  if (g_strcmp0 (openssl, "legacy") == 0 && !has_old_ciphers ())
    return "OpenSSL's legacy provider is not there";
  return NULL;
}

static CwReplyItem *
nth (CwReply *reply, guint i)
{
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
  return item; /* the list keeps it */
}

static CwReplyItem *
find_kind (CwReply *reply, CwReplyKind kind)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    if (cw_reply_item_get_kind (nth (reply, i)) == kind)
      return nth (reply, i);
  return NULL;
}

static GDateTime *
get_moment (const char *row)
{
  g_autofree char *day = get_value (row, "at");
  g_autofree char *text = g_strconcat (day, "T00:00:00Z", NULL);
  GDateTime *moment = g_date_time_new_from_iso8601 (text, NULL);
  g_assert_nonnull (moment);
  return moment;
}

/* The fingerprint of the key that is ours: a file's, none, or the first certificate's. */
static char *
get_own_fingerprint (const char *row, CwReply *reply)
{
  g_autofree char *name = get_value (row, "key");
  if (g_str_equal (name, "none"))
    return NULL;
  if (g_str_equal (name, "first"))
    {
      CwReplyItem *item = find_kind (reply, CW_REPLY_KIND_CERTIFICATE);
      g_assert_nonnull (item);
      return g_strdup (cw_certificate_get_key_fingerprint (cw_reply_item_get_certificate (item)));
    }
  g_autoptr (CwReply) own = cw_reply_new ();
  add_file (own, name);
  CwReplyItem *item = find_kind (own, CW_REPLY_KIND_KEY);
  g_assert_nonnull (item);
  return g_strdup (cw_key_get_fingerprint (cw_reply_item_get_key (item)));
}

static CwRequest *
get_request (const char *row)
{
  g_autofree char *name = get_value (row, "asked");
  g_autoptr (GError) error = NULL;
  if (name == NULL)
    return NULL;
  g_autoptr (CwReply) own = cw_reply_new ();
  add_file (own, name);
  CwReplyItem *item = find_kind (own, CW_REPLY_KIND_REQUEST);
  g_assert_nonnull (item);
  CwRequest *request = cw_request_new_from_csr (cw_reply_item_get_request (item), &error);
  g_assert_no_error (error);
  return request;
}

static void
read_files (Outcome *self)
{
  self->reply = cw_reply_new ();
  add_file (self->reply, self->row);
  g_auto (GStrv) more = get_list (self->row, "also");
  for (guint i = 0; more[i] != NULL; i++)
    add_file (self->reply, more[i]);

  g_auto (GStrv) passphrases = get_list (self->row, "passphrase");
  for (guint i = 0; passphrases[i] != NULL; i++)
    {
      gboolean empty = g_str_equal (passphrases[i], "empty");
      g_autoptr (CwSecret) passphrase = cw_secret_new (empty ? "" : passphrases[i], -1);
      g_assert_true (cw_reply_needs_passphrase (self->reply));
      cw_reply_unlock (self->reply, passphrase, NULL, NULL);
    }
}

static void
judge (Outcome *self)
{
  g_autoptr (GDateTime) at = get_moment (self->row);
  g_autofree char *own = get_own_fingerprint (self->row, self->reply);
  const char *const ours[] = { own, NULL };
  self->yours = cw_reply_assign_roles (self->reply, ours);
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (self->reply);
  CwCertificate *leaf = cw_reply_choose_leaf (self->yours, own, ours);
  if (leaf != NULL)
    self->chain = cw_chain_new (leaf, all, at);
  g_autoptr (CwRequest) asked = get_request (self->row);
  g_autofree char *other_request = get_value (self->row, "other-request");
  self->report = cw_report_new (&(CwReportInput){
      .asked = asked,
      .chain = self->chain,
      .reply = self->reply,
      .other_request = other_request,
      .key_missing = is_set (self->row, "key-missing"),
      .now = at,
  });
}

/* "certificate 3, key 1"; or the certificates by their roles. */
static char *
count_items (CwReply *reply, gboolean by_role)
{
  guint counts[G_N_ELEMENTS (kinds)] = { 0 };
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      CwReplyItem *item = nth (reply, i);
      if (!by_role)
        counts[cw_reply_item_get_kind (item)]++;
      else if (cw_reply_item_get_certificate (item) != NULL)
        counts[cw_reply_item_get_role (item)]++;
    }

  GString *text = g_string_new (NULL);
  for (guint i = 0; i < (by_role ? G_N_ELEMENTS (roles) : G_N_ELEMENTS (kinds)); i++)
    if (counts[i] > 0)
      g_string_append_printf (text, "%s%s %u", text->len > 0 ? ", " : "",
                              by_role ? roles[i] : kinds[i], counts[i]);
  return g_string_free (text->len > 0 ? text : g_string_append (text, "none"), FALSE);
}

static char *
describe_chain (CwChain *chain)
{
  if (chain == NULL)
    return g_strdup ("none");
  return g_strdup_printf ("%u, %s", cw_chain_get_certificates (chain)->len,
                          cw_chain_is_complete (chain) ? "complete" : "incomplete");
}

/* Every error, or every remark, as a person reads it: with its place. */
static char *
collect_words (CwReply *reply, gboolean remarks)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      CwReplyItem *item = nth (reply, i);
      const GError *error = cw_reply_item_get_error (item);
      const char *words = remarks ? cw_reply_item_get_remark (item) : NULL;
      if (!remarks && error != NULL)
        words = error->message;
      if (words != NULL)
        g_string_append_printf (text, "%s: %s\n", cw_reply_item_get_source (item), words);
    }
  return g_string_free (text, FALSE);
}

static void
describe (Outcome *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->reply)); i++)
    {
      CwReplyItem *item = nth (self->reply, i);
      const GError *error = cw_reply_item_get_error (item);
      g_test_message ("%s | %s | %s %s", cw_reply_item_get_source (item),
                      cw_reply_item_get_title (item), error != NULL ? error->message : "",
                      cw_reply_item_get_remark (item) != NULL ? cw_reply_item_get_remark (item)
                                                              : "");
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->report), i);
      g_test_message ("%s | %s | %s", severities[cw_finding_get_severity (finding)],
                      cw_finding_get_id (finding), cw_finding_get_title (finding));
    }
}

/* Goes on after a failure, so that one run says all of it. */
static void
expect (const char *row, const char *what, const char *expected, const char *got)
{
  if (g_strcmp0 (expected, got) == 0)
    return;
  g_test_message ("%s: %s: the table says “%s”, and it is “%s”", row, what, expected, got);
  g_test_fail ();
}

static void
expect_value (const char *row, const char *key, const char *got)
{
  g_autofree char *expected = get_value (row, key);
  expect (row, key, expected, got);
}

static void
expect_words (const char *row, const char *key, const char *text)
{
  g_auto (GStrv) parts = get_list (row, key);
  for (guint i = 0; parts[i] != NULL; i++)
    expect (row, key, parts[i], strstr (text, parts[i]) != NULL ? parts[i] : text);
}

static void
expect_findings (Outcome *self)
{
  g_auto (GStrv) has = get_list (self->row, "has");
  for (guint i = 0; has[i] != NULL; i++)
    expect (self->row, "has", has[i],
            cw_report_find (self->report, has[i]) != NULL ? has[i] : "not found");
  g_auto (GStrv) lacks = get_list (self->row, "lacks");
  for (guint i = 0; lacks[i] != NULL; i++)
    expect (self->row, "lacks", "not found",
            cw_report_find (self->report, lacks[i]) == NULL ? "not found" : lacks[i]);

  g_autofree char *worst = get_value (self->row, "worst");
  if (g_strcmp0 (worst, "any") != 0)
    expect (self->row, "worst", worst, severities[cw_report_get_worst (self->report)]);
}

/* From when the chosen certificate is valid: which of several it is. */
static void
expect_start (Outcome *self)
{
  g_autofree char *from = get_value (self->row, "from");
  if (from == NULL)
    return;
  g_autofree char *got =
      self->chain == NULL
          ? NULL
          : g_date_time_format (cw_certificate_get_not_before (cw_chain_get_leaf (self->chain)),
                                "%Y-%m-%d");
  expect (self->row, "from", from, got);
}

/* A bad file is one about which a person is told something, and the other way round. */
static void
expect_badness (Outcome *self)
{
  g_autofree char *worst = get_value (self->row, "worst");
  gboolean broken = find_kind (self->reply, CW_REPLY_KIND_UNREADABLE) != NULL;
  gboolean unfit = find_kind (self->reply, CW_REPLY_KIND_LOCKED) != NULL || self->chain == NULL ||
                   cw_report_get_worst (self->report) >= CW_SEVERITY_WARNING;
  if (is_set (self->row, "bad"))
    expect (self->row, "bad", "yes", broken || unfit || g_str_equal (worst, "any") ? "yes" : "no");
  else
    expect (self->row, "bad", "no", broken ? "yes" : "no");
}

/* What comes through standard input is no other thing than the file. */
static void
expect_same_from_fd (const char *row)
{
  g_autofree char *path = path_of (row);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return;
  g_autoptr (CwReply) by_name = cw_reply_new ();
  add_file (by_name, row);
  g_autoptr (CwReply) by_fd = cw_reply_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  cw_reply_add_fd (by_fd, fd, "standard input", NULL);
  close (fd);
  g_autofree char *expected = count_items (by_name, FALSE);
  g_autofree char *got = count_items (by_fd, FALSE);
  expect (row, "from standard input", expected, got);
}

static void
test_row (gconstpointer data)
{
  g_auto (Outcome) outcome = { .row = data };
  const char *obstacle = find_obstacle (outcome.row);
  if (obstacle != NULL)
    {
      g_test_skip (obstacle);
      return;
    }
  expect_same_from_fd (outcome.row);
  read_files (&outcome);
  judge (&outcome);

  g_autofree char *items = count_items (outcome.reply, FALSE);
  g_autofree char *parts = count_items (outcome.reply, TRUE);
  g_autofree char *chain = describe_chain (outcome.chain);
  g_autofree char *errors = collect_words (outcome.reply, FALSE);
  g_autofree char *remarks = collect_words (outcome.reply, TRUE);
  expect_value (outcome.row, "items", items);
  expect_value (outcome.row, "roles", parts);
  expect_value (outcome.row, "chain", chain);
  expect_words (outcome.row, "error", errors);
  expect_words (outcome.row, "remark", remarks);
  expect_findings (&outcome);
  expect_start (&outcome);
  expect_badness (&outcome);
  if (g_test_failed () || g_test_verbose ())
    describe (&outcome);
}

/* What is beside the files. */
static gboolean
is_documentation (const char *name)
{
  static const char *const names[] = { "make", "README.md", "expected.ini", ".gitattributes",
                                       NULL };
  return g_strv_contains (names, name);
}

/* Whether @name, or a folder that it is in, is in the table. */
static gboolean
is_in_table (const char *name)
{
  g_autofree char *path = g_strdup (name);
  for (;;)
    {
      if (g_key_file_has_group (table, path))
        return TRUE;
      char *slash = strrchr (path, '/');
      if (slash == NULL)
        return FALSE;
      *slash = '\0';
    }
}

static void
check_folder (const char *below)
{
  g_autofree char *path = path_of (below);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  g_assert_no_error (error);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *inner =
          *below == '\0' ? g_strdup (name) : g_build_filename (below, name, NULL);
      g_autofree char *whole = path_of (inner);
      if (*below == '\0' && is_documentation (name))
        continue;
      if (g_file_test (whole, G_FILE_TEST_IS_DIR))
        check_folder (inner);
      else
        expect (inner, "in the table", "yes", is_in_table (inner) ? "yes" : "no");
    }
}

static void
check_keys (const char *group)
{
  g_auto (GStrv) keys = g_key_file_get_keys (table, group, NULL, NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    expect (group, "a key", keys[i], g_strv_contains (known_keys, keys[i]) ? keys[i] : "unknown");
}

/* Table and folder have the same files, and enough of them. */
static void
test_complete (void)
{
  guint n_files = 0, n_bad = 0;
  g_auto (GStrv) rows = g_key_file_get_groups (table, NULL);
  for (guint i = 0; rows[i] != NULL; i++)
    {
      check_keys (rows[i]);
      if (g_str_has_prefix (rows[i], TEMPLATE))
        continue;
      g_autofree char *path = path_of (rows[i]);
      expect (rows[i], "there", "yes", g_file_test (path, G_FILE_TEST_EXISTS) ? "yes" : "no");
      n_files++;
      n_bad += is_set (rows[i], "bad");
    }
  check_folder ("");
  g_assert_cmpuint (n_files, >=, MIN_FILES);
  g_assert_cmpuint (n_bad, >=, MIN_BAD);
  g_test_message ("%u files, %u of them bad", n_files, n_bad);
}

static void
add_rows (void)
{
  g_auto (GStrv) rows = g_key_file_get_groups (table, NULL);
  for (guint i = 0; rows[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/corpus/", rows[i], NULL);
      if (!g_str_has_prefix (rows[i], TEMPLATE))
        g_test_add_data_func_full (path, g_strdup (rows[i]), test_row, g_free);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();

  g_autoptr (GError) error = NULL;
  folder = g_build_filename (g_getenv ("CERTWRIGHT_TEST_SOURCE"), "tests/fixtures/replies", NULL);
  g_autofree char *path = path_of ("expected.ini");
  table = g_key_file_new ();
  g_key_file_load_from_file (table, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);

  g_test_add_func ("/corpus-complete", test_complete);
  add_rows ();
  int status = g_test_run ();
  g_key_file_unref (table);
  g_free (folder);
  return status;
}
