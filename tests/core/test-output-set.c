/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cw-bundle.h"
#include "cw-error.h"
#include "cw-output-set.h"
#include "pki.h"

static const char profile_text[] = "[Profile]\n"
                                   "Name=Test\n"
                                   "Comment=For tests\n"
                                   "[Request]\n"
                                   "KeyKinds=ec-p256\n"
                                   "Usages=clientAuth\n"
                                   "[Test]\n"
                                   "Schemes=mqtts;https\n"
                                   "Topic=a/b\n"
                                   "Payload={\"it's\": 25}\n"
                                   "[Output key]\n"
                                   "Name=Key\n"
                                   "Type=pem\n"
                                   "File=client.key\n"
                                   "Sources=private-key\n"
                                   "[Output cert]\n"
                                   "Name=Certificate\n"
                                   "Type=pem\n"
                                   "File=client.crt\n"
                                   "Sources=certificate-chain\n"
                                   "[Output cas]\n"
                                   "Name=CAs\n"
                                   "Type=pem\n"
                                   "File=ca.crt\n"
                                   "Sources=server-cas\n"
                                   "[Output all]\n"
                                   "Name=All\n"
                                   "Type=pem\n"
                                   "File=all.pem\n"
                                   "Sources=private-key;certificate;issuers\n"
                                   "[Output command]\n"
                                   "Name=Command\n"
                                   "Type=template\n"
                                   "File=command\n"
                                   "Template=command.sh\n"
                                   "Language=shell\n"
                                   "[Output vpn]\n"
                                   "Name=VPN\n"
                                   "Type=template\n"
                                   "File=client.ovpn\n"
                                   "Template=vpn\n"
                                   "Language=openvpn\n"
                                   "Sources=private-key;certificate\n"
                                   "[Output body]\n"
                                   "Name=Body\n"
                                   "Type=template\n"
                                   "File=body.json\n"
                                   "Template=body.json\n"
                                   "Language=json\n"
                                   "Sources=certificate\n"
                                   "[Output p12]\n"
                                   "Name=Store\n"
                                   "Type=pkcs12\n"
                                   "File=client.p12\n"
                                   "[Output old]\n"
                                   "Name=Old store\n"
                                   "Type=pkcs12\n"
                                   "Strength=old\n"
                                   "File=old.p12\n"
                                   "[Output locked]\n"
                                   "Name=Locked\n"
                                   "Type=encrypted-key\n"
                                   "File=locked.key\n"
                                   "[Set]\n"
                                   "Outputs=key;cert;cas;command;\n";

static const char command_text[] = "# {one} comment\n"
                                   "{{!verify}}# not verified\n"
                                   "{{?address}}{{?verify}}pub  only here\n"
                                   "{{?address}}-h {{host}} -p {{port}} {{path}} {{address}} \\\n"
                                   "{{!address}}-h example.com \\\n"
                                   "{{?file:cas}}{{?verify}}--cafile {{file:cas}} \\\n"
                                   "{{!server-cas}}--os \\\n"
                                   "--cert={{file:cert}} --key {{file:key}} \\\n"
                                   "-t {{topic}} -m {{payload}} -n {{common-name}}\n";

static const char vpn_text[] = "client\n"
                               "<key>\n{{private-key}}\n</key>\n"
                               "; the certificate\n"
                               "<cert>\n{{certificate}}\n</cert>\n"
                               "{{?host}}remote {{host}} {{port}}\n";

static const char body_text[] = "{\"value\": {{certificate}}}\n";

typedef struct
{
  Pki pki;
  char *temporary;
  char *profile_folder;
  char *folder;
  CwProfile *profile;
  CwChain *chain;
  CwSecret *key;
  CwSecret *passphrase;
  char *cas;
  CwOutputValues values;
} Fixture;

static void
write_file (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->profile_folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
load (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  write_file (self, "profile.ini", text);
  g_clear_object (&self->profile);
  self->profile = cw_profile_new_from_folder (self->profile_folder, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  pki_init (&self->pki);
  g_ptr_array_add (candidates, self->pki.root);
  g_ptr_array_add (candidates, self->pki.middle);
  self->chain = cw_chain_new (self->pki.leaf, candidates, NULL);
  self->key = cw_key_to_pem (self->pki.leaf_key, NULL);
  self->cas = cw_certificate_to_pem (self->pki.root);
  self->passphrase = cw_secret_new ("Zwölf Äpfel", -1);
  self->values = (CwOutputValues){ .key = self->key,
                                   .chain = self->chain,
                                   .server_cas = self->cas,
                                   .verify_server = TRUE,
                                   .address = "mqtts://[::1]:8884" };

  self->temporary = g_dir_make_tmp ("certwright-XXXXXX", NULL);
  self->profile_folder = g_build_filename (self->temporary, "test", NULL);
  self->folder = g_build_filename (self->temporary, "it's $HOME\n\"Zoë\"", NULL);
  g_assert_cmpint (g_mkdir (self->profile_folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
  write_file (self, "command.sh", command_text);
  write_file (self, "vpn", vpn_text);
  write_file (self, "body.json", body_text);
  load (self, profile_text);
}

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_remove (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_tree (self->temporary);
  g_clear_object (&self->profile);
  g_clear_object (&self->chain);
  g_clear_pointer (&self->key, cw_secret_unref);
  g_clear_pointer (&self->passphrase, cw_secret_unref);
  g_free (self->cas);
  g_free (self->temporary);
  g_free (self->profile_folder);
  g_free (self->folder);
  pki_clear (&self->pki);
}

static const CwProfileOutput *
find_output (Fixture *self, const char *id)
{
  for (guint i = 0; i < cw_profile_get_n_outputs (self->profile); i++)
    if (g_str_equal (cw_profile_get_output (self->profile, i)->id, id))
      return cw_profile_get_output (self->profile, i);

  g_assert_not_reached ();
}

static CwSecret *
render (Fixture *self, const char *id)
{
  g_autoptr (GError) error = NULL;
  CwSecret *text = cw_output_render (self->profile, find_output (self, id), &self->values, &error);

  g_assert_no_error (error);
  return text;
}

static void
assert_rendered (Fixture *self, const char *id, const char *wanted)
{
  g_autoptr (CwSecret) text = render (self, id);

  g_assert_cmpstr (cw_secret_peek (text), ==, wanted);
}

static void
assert_refused (Fixture *self, const char *id, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_output_render (self->profile, find_output (self, id), &self->values, &error));
  g_assert_error (error, CW_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_template (Fixture *self, gconstpointer data)
{
  g_assert_false (find_output (self, "command")->secret);
  assert_rendered (self, "command",
                   "# {one} comment\n"
                   "pub  only here\n"
                   "-h ::1 -p 8884 / 'mqtts://[::1]:8884' \\\n"
                   "--cafile ca.crt \\\n"
                   "--cert=client.crt --key client.key \\\n"
                   "-t a/b -m '{\"it'\\''s\": 25}' -n steve@example.com\n");

  self->values.server_cas = NULL;
  self->values.verify_server = FALSE;
  self->values.address = NULL;
  assert_rendered (self, "command",
                   "# {one} comment\n"
                   "# not verified\n"
                   "-h example.com \\\n"
                   "--os \\\n"
                   "--cert=client.crt --key client.key \\\n"
                   "-t a/b -m '{\"it'\\''s\": 25}' -n steve@example.com\n");
}

static void
test_address (Fixture *self, gconstpointer data)
{
  write_file (self, "command.sh", "{{address}} {{host}} {{port}} {{path}}\n");
  self->values.address = "https://api.example.com/v1?a=$b&c=d%20e";
  assert_rendered (self, "command",
                   "'https://api.example.com/v1?a=$b&c=d%20e' api.example.com 443 "
                   "'/v1?a=$b&c=d%20e'\n");
  self->values.address = "broker.example.com";
  assert_rendered (self, "command", "mqtts://broker.example.com broker.example.com 8883 /\n");
  self->values.address = " 2001:db8::1 ";
  assert_rendered (self, "command", "'mqtts://[2001:db8::1]' 2001:db8::1 8883 /\n");
  self->values.address = "https://bücher.example.com/a b";
  assert_rendered (
      self, "command",
      "https://xn--bcher-kva.example.com/a%20b xn--bcher-kva.example.com 443 /a%20b\n");
  self->values.address = "https://";
  assert_refused (self, "command", CW_ERROR_INVALID, "no host name");
  self->values.address = "http://api.example.com/";
  assert_refused (self, "command", CW_ERROR_INVALID, "not encrypted");
  self->values.address = "https://user:secret@api.example.com/";
  assert_refused (self, "command", CW_ERROR_INVALID, "password");
  self->values.address = "wss://api.example.com/";
  assert_refused (self, "command", CW_ERROR_INVALID, "is not an address for Test");
  self->values.address = NULL;
  assert_refused (self, "command", CW_ERROR_PROFILE,
                  "in line 1: there is nothing for “{{address}}”");
}

static void
test_blocks (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (CwSecret) masked = NULL;
  g_autoptr (GArray) spans = NULL;
  g_autofree char *leaf = cw_certificate_to_pem (self->pki.leaf);
  g_autofree char *wanted = g_strconcat ("client\n<key>\n", cw_secret_peek (self->key),
                                         "</key>\n; the certificate\n<cert>\n", leaf,
                                         "</cert>\nremote \"::1\" \"8884\"\n", NULL);

  assert_rendered (self, "vpn", wanted);
  g_assert_true (find_output (self, "vpn")->secret);

  text = render (self, "vpn");
  masked = cw_output_mask (text);
  g_assert_null (strstr (cw_secret_peek (masked), cw_secret_peek (self->key) + 30));
  spans = cw_output_get_spans (self->profile, find_output (self, "vpn"), masked);
  g_assert_cmpuint (spans->len, ==, 3);
  g_assert_cmpint (g_array_index (spans, CwOutputSpan, 0).style, ==, CW_OUTPUT_SECRET);
  g_assert_cmpint (g_array_index (spans, CwOutputSpan, 1).style, ==, CW_OUTPUT_COMMENT);
  g_assert_cmpint (g_array_index (spans, CwOutputSpan, 2).style, ==, CW_OUTPUT_VALUE);
}

static void
test_literal (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) text = render (self, "body");
  g_autofree char *leaf = cw_certificate_to_pem (self->pki.leaf);
  g_auto (GStrv) lines = g_strsplit (leaf, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\\n", lines);
  g_autofree char *wanted = g_strdup_printf ("{\"value\": \"%s\"}\n", joined);

  g_assert_cmpstr (cw_secret_peek (text), ==, wanted);
}

/* A template with a mistake, where it is, and what it is called. */
static const struct
{
  const char *id;
  const char *file;
  const char *text;
  const char *mistake;
} mistakes[] = {
  { "command", "command.sh", "a\n{{hots}}\n", "in line 2: “hots” is not known; “host” was" },
  { "command", "command.sh", "{{?verfy}}a\n", "in line 1: “verfy” is not known; “verify” was" },
  { "command", "command.sh", "{{verify}}\n", "in line 1: “verify” is not known" },
  { "command", "command.sh", "a {{host\n", "a “{{” is not followed by" },
  { "command", "command.sh", "{{}}\n", "is not the name of anything" },
  { "command", "command.sh", "a {{?host}}\n", "“{{?host}}” is not at the beginning of" },
  { "command", "command.sh", "{{?Host}}\n", "is not the name of anything" },
  { "command", "command.sh", "{{file:p12}}\n", "no output “p12” in the group “Set”" },
  { "command", "command.sh", "{{?file:no}}a\n", "no output “no” in the group “Set”" },
  { "command", "command.sh", "{{private-key}}\n", "“private-key” is not among the “Sources”" },
  { "command", "command.sh", "a\n\n # {{host}}\n", "in line 3: a comment has a placeholder" },
  { "command", "command.sh", "a\r\n", "in line 1: it has a carriage return" },
  { "command", "command.sh", "a\n\xff\n", "in line 2: it is not text in UTF-8" },
  { "vpn", "vpn", "{{certificate}}\n", "does not use “private-key”" },
  { "vpn", "vpn", "{{certificate}}\ncert {{private-key}}\n", "in line 2: “private-key” has to be" },
};

static void
test_mistakes (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GError) error = NULL;

      load (self, profile_text);
      g_assert_true (cw_profile_check_templates (self->profile, NULL));
      write_file (self, mistakes[i].file, mistakes[i].text);
      assert_refused (self, mistakes[i].id, CW_ERROR_PROFILE, mistakes[i].mistake);
      g_assert_false (cw_profile_check_templates (self->profile, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_PROFILE);
      g_assert_nonnull (strstr (error->message, mistakes[i].file));
      write_file (self, "command.sh", command_text);
      write_file (self, "vpn", vpn_text);
    }
}

static void
test_no_template (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->profile_folder, "vpn", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_false (cw_profile_check_templates (self->profile, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_pem (Fixture *self, gconstpointer data)
{
  g_autofree char *leaf = cw_certificate_to_pem (self->pki.leaf);
  g_autofree char *middle = cw_certificate_to_pem (self->pki.middle);
  g_autofree char *chain = g_strconcat (leaf, middle, NULL);
  g_autofree char *all = g_strconcat (cw_secret_peek (self->key), leaf, middle, self->cas, NULL);
  g_autofree char *why = NULL;

  assert_rendered (self, "key", cw_secret_peek (self->key));
  assert_rendered (self, "cert", chain);
  assert_rendered (self, "cas", self->cas);
  assert_rendered (self, "all", all);
  g_assert_true (find_output (self, "all")->secret);
  g_assert_false (find_output (self, "cert")->secret);

  g_assert_true (cw_output_has_content (self->profile, find_output (self, "cas"), &self->values));
  self->values.server_cas = NULL;
  g_assert_false (cw_output_has_content (self->profile, find_output (self, "cas"), &self->values));
  assert_refused (self, "cas", CW_ERROR_EMPTY, "“CAs” is empty. The system’s own CAs are used");
  why = cw_output_explain_empty (self->profile, find_output (self, "cas"), &self->values);
  g_assert_cmpstr (why, ==, "The system’s own CAs are used, so there is nothing to paste.");
  g_assert_null (cw_output_explain_empty (self->profile, find_output (self, "key"), &self->values));
}

static void
assert_pkcs12 (Fixture *self, const char *id)
{
  g_autoptr (CwSecret) text = render (self, id);
  g_autoptr (GBytes) der = cw_secret_to_bytes (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs12 (der, self->passphrase, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (bundle->keys->len, ==, 1);
  g_assert_cmpuint (bundle->certificates->len, ==, 2);
}

static void
test_passphrase (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) locked = NULL;
  g_autoptr (CwKey) key = NULL;

  assert_refused (self, "p12", CW_ERROR_PASSPHRASE_NEEDED, "“Store” needs a passphrase");
  self->values.passphrase = self->passphrase;
  assert_pkcs12 (self, "p12");
  assert_pkcs12 (self, "old");
  g_assert_false (find_output (self, "p12")->weak);
  g_assert_true (find_output (self, "old")->weak);
  g_assert_false (find_output (self, "old")->is_text);

  locked = render (self, "locked");
  key = cw_key_new_from_pem (locked, self->passphrase, NULL);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==, cw_key_get_fingerprint (self->pki.leaf_key));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
assert_folder (Fixture *self, const char *wanted)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *found = NULL;
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  found = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (found, ==, wanted);
}

static GPtrArray *
save (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *files = cw_output_set_save (self->profile, &self->values, self->folder, &error);

  g_assert_no_error (error);
  return files;
}

static void
assert_not_saved (Fixture *self, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_output_set_save (self->profile, &self->values, self->folder, &error));
  g_assert_error (error, CW_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static guint
get_mode (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

/* The shell finds the files by the names in the command. */
static void
assert_command (Fixture *self, const char *name, const char *key_name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *wanted = g_build_filename (self->folder, key_name, NULL);
  g_autofree char *text = NULL;
  g_autofree char *script = NULL;
  g_autofree char *said = NULL;
  const char *argv[] = { "sh", "-c", NULL, NULL };

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  script = g_strconcat ("pub () { :; }\nset -- \\\n", strstr (text, "--cert"), "printf %s \"$3\"\n",
                        NULL);
  argv[2] = script;
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said,
                               NULL, NULL, NULL));
  g_assert_cmpstr (said, ==, wanted);
}

static void
test_save (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = save (self);
  g_autofree char *first = g_build_filename (self->folder, "client.key", NULL);

  g_assert_cmpuint (files->len, ==, 4);
  g_assert_cmpstr (((CwOutputFile *) files->pdata[0])->id, ==, "key");
  g_assert_cmpstr (((CwOutputFile *) files->pdata[0])->path, ==, first);
  assert_folder (self, "ca.crt client.crt client.key command");
  g_assert_cmpuint (get_mode (self, "client.key"), ==, 0600);
  g_assert_cmpuint (get_mode (self, "client.crt"), ==, 0644);
  assert_command (self, "command", "client.key");
}

static void
test_numbers (Fixture *self, gconstpointer data)
{
  g_autofree char *taken = g_build_filename (self->folder, "client-2.crt", NULL);
  g_autoptr (GPtrArray) first = save (self);
  g_autoptr (GPtrArray) second = NULL;

  g_assert_cmpuint (first->len, ==, 4);
  /* A link that leads nowhere would be written through. */
  g_assert_cmpint (symlink ("/nonexistent/target", taken), ==, 0);
  self->values.server_cas = NULL;
  second = save (self);
  g_assert_cmpuint (second->len, ==, 3);
  assert_folder (self, "ca.crt client-2.crt client-3.crt client-3.key client.crt client.key "
                       "command command-3");
  assert_command (self, "command", "client.key");
  assert_command (self, "command-3", "client-3.key");
}

static void
test_not_saved (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->folder, "file", NULL);

  write_file (self, "command.sh", "{{hots}}\n");
  assert_not_saved (self, CW_ERROR_PROFILE, "“hots” is not known");
  assert_folder (self, "");
  write_file (self, "command.sh", command_text);

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_free (self->folder);
  self->folder = g_steal_pointer (&file);
  assert_not_saved (self, CW_ERROR_FAILED, g_strerror (ENOTDIR));
}

static void
test_not_writable (Fixture *self, gconstpointer data)
{
  if (geteuid () == 0)
    {
      g_free (self->folder);
      self->folder = g_strdup ("/proc");
      assert_not_saved (self, CW_ERROR_FAILED, "“/proc/client.key” could not be saved");
      return;
    }

  g_assert_cmpint (g_chmod (self->folder, 0500), ==, 0);
  assert_not_saved (self, CW_ERROR_FAILED, "client.key” could not be saved");
  assert_folder (self, "");
  g_assert_cmpint (g_chmod (self->folder, 0700), ==, 0);
}

static gboolean
skip_named (Fixture *self)
{
  const int fd = open (self->folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);

  if (fd < 0)
    g_test_skip ("This file system knows no files without a name");
  else
    close (fd);
  return fd < 0;
}

/* The kernel ends it in the middle of writing, with the key written already. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  const struct rlimit no_core = { 0, 0 };
  const struct rlimit limit = { 600, 600 };
  int status;
  pid_t child;

  if (skip_named (self))
    return;

  g_assert_cmpuint (cw_secret_get_length (self->key), <, limit.rlim_cur);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      setrlimit (RLIMIT_CORE, &no_core);
      setrlimit (RLIMIT_FSIZE, &limit);
      cw_output_set_save (self->profile, &self->values, self->folder, NULL);
      _exit (0);
    }

  g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (child, &status, 0)), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGXFSZ);
  assert_folder (self, "");
}

/* The names as they come; what holds the key is the last. */
static void
test_order (Fixture *self, gconstpointer data)
{
  const int fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  char events[4096] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GPtrArray) files = NULL;
  gssize size;

  if (skip_named (self))
    {
      close (fd);
      return;
    }

  g_assert_cmpint (inotify_add_watch (fd, self->folder, IN_CREATE | IN_MOVED_TO), >=, 0);
  files = save (self);
  size = read (fd, events, sizeof events);
  g_assert_cmpint (size, >, 0);
  for (const char *p = events; p < events + size;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (const void *) p;

      g_string_append_printf (names, "%s ", event->name);
      p += sizeof *event + event->len;
    }
  g_assert_cmpstr (names->str, ==, "client.crt ca.crt command client.key ");
  close (fd);
}

/* A name that the language cannot say. */
static void
test_unspeakable (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strdup (profile_text);

  memcpy (strstr (text, "Language=shell"), "Language=plain", strlen ("Language=plain"));
  load (self, text);
  assert_not_saved (self, CW_ERROR_INVALID, "cannot be written into a text for “plain”");
  assert_folder (self, "");
}

#define add(path, function)                                                                        \
  g_test_add ("/output-set/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  umask (022);
  g_test_init (&argc, &argv, NULL);

  add ("template", test_template);
  add ("address", test_address);
  add ("blocks", test_blocks);
  add ("literal", test_literal);
  add ("mistakes", test_mistakes);
  add ("no-template", test_no_template);
  add ("pem", test_pem);
  add ("passphrase", test_passphrase);
  add ("save", test_save);
  add ("numbers", test_numbers);
  add ("not-saved", test_not_saved);
  add ("not-writable", test_not_writable);
  add ("unspeakable", test_unspeakable);
  add ("killed", test_killed);
  add ("order", test_order);

  return g_test_run ();
}
