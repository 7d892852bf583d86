/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keyring against a real gnome-keyring-daemon on a private bus, and against
 * libsecret's file. Each scenario is played in a process of its own, since
 * libsecret and GIO keep one service and one bus for as long as a process lives.
 */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "cw-keyring-private.h"
#include "cw-writer-lock.h"
#include "keyring-prompter.h"
#include "keyring-session.h"

#define FINGERPRINT "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define PEM         "-----BEGIN PRIVATE KEY-----\nnot a key, but its shape\n-----END PRIVATE KEY-----\n"
#define OTHER_PEM   "-----BEGIN PRIVATE KEY-----\nanother one\n-----END PRIVATE KEY-----\n"
#define TIME_LIMIT  (120 * G_USEC_PER_SEC)

typedef struct
{
  const char *path;
  gboolean bus;
  void (*play) (void);
  gboolean leaks; /* libsecret 0.20 loses a few bytes whenever it writes its file */
} Scenario;

/* Waiting */

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

static void
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_until_asked (KeyringPrompter *prompter, guint n)
{
  while (keyring_prompter_get_n_asked (prompter) < n)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
time_is_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* What a caller does, and waits for */

static gboolean
store_text (const char *identity, const char *text, GError **error)
{
  g_autoptr (CwSecret) pem = cw_secret_new (text, -1);
  g_autoptr (GAsyncResult) result = NULL;

  cw_keyring_store_async (identity, FINGERPRINT, "Certwright: steve@example.com", pem, NULL,
                          ready_cb, &result);
  wait_for (&result);
  return cw_keyring_store_finish (result, error);
}

static CwSecret *
lookup (const char *identity, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_keyring_lookup_async (identity, FINGERPRINT, NULL, ready_cb, &result);
  wait_for (&result);
  return cw_keyring_lookup_finish (result, error);
}

static gboolean
clear (const char *identity, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_keyring_clear_async (identity, FINGERPRINT, NULL, ready_cb, &result);
  wait_for (&result);
  return cw_keyring_clear_finish (result, error);
}

static char *
describe (gboolean *locked, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_keyring_describe_async (NULL, ready_cb, &result);
  wait_for (&result);
  return cw_keyring_describe_finish (result, locked, error);
}

/* What has to come of it */

static void
assert_stores (const char *identity)
{
  g_autoptr (GError) error = NULL;
  gboolean stored = store_text (identity, PEM, &error);

  g_assert_no_error (error);
  g_assert_true (stored);
}

static void
assert_finds (const char *identity, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) found = lookup (identity, &error);

  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_cmpstr (cw_secret_peek (found), ==, text);
}

static void
assert_clears (const char *identity)
{
  g_autoptr (GError) error = NULL;
  gboolean cleared = clear (identity, &error);

  g_assert_no_error (error);
  g_assert_true (cleared);
}

static void
assert_store_fails (const char *identity, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (store_text (identity, PEM, &error));
  g_assert_error (error, CW_KEYRING_ERROR, code);
  g_assert_cmpstr (error->message, !=, "");
}

static void
assert_lookup_fails (const char *identity, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lookup (identity, &error));
  g_assert_error (error, CW_KEYRING_ERROR, code);
}

static void
assert_clear_fails (const char *identity, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (clear (identity, &error));
  g_assert_error (error, CW_KEYRING_ERROR, code);
}

static void
assert_describes (const char *name, gboolean locked)
{
  g_autoptr (GError) error = NULL;
  gboolean is_locked = !locked;
  g_autofree char *found = describe (&is_locked, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, name);
  g_assert_cmpint (is_locked, ==, locked);
}

static void
assert_describe_fails (int code)
{
  g_autoptr (GError) error = NULL;
  gboolean locked = TRUE;

  g_assert_null (describe (&locked, &error));
  g_assert_error (error, CW_KEYRING_ERROR, code);
  g_assert_true (locked); /* untouched */
}

/* The Secret Service */

static void
play_unlocked (void)
{
  g_autoptr (GError) error = NULL;

  keyring_session_start_daemon (TRUE);
  assert_describes ("The keyring “Login”", FALSE);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_stores ("a");
  assert_finds ("a", PEM);
  assert_lookup_fails ("b", CW_KEYRING_ERROR_NOT_FOUND);

  g_assert_true (store_text ("a", OTHER_PEM, &error));
  g_assert_no_error (error);
  assert_finds ("a", OTHER_PEM);

  assert_stores ("b");
  assert_clears ("a");
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_clears ("a");
  assert_finds ("b", PEM);
}

/* Everything that a locked keyring must say while nobody types its password. */
static void
assert_all_fail (int code)
{
  assert_lookup_fails ("a", code);
  assert_lookup_fails ("not stored", code);
  assert_store_fails ("b", code);
  assert_clear_fails ("a", code);
}

static void
play_locked_from_start (void)
{
  g_autoptr (KeyringPrompter) prompter = NULL;

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_signal_daemon (SIGKILL);
  keyring_session_start_daemon (FALSE);

  prompter = keyring_prompter_new (KEYRING_PROMPTER_DISMISS, KEYRING_PASSWORD);
  assert_describes ("The keyring “Login”", TRUE);
  g_assert_cmpuint (keyring_prompter_get_n_asked (prompter), ==, 0);
  assert_all_fail (CW_KEYRING_ERROR_DISMISSED);
  g_assert_cmpuint (keyring_prompter_get_n_asked (prompter), ==, 4);

  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_ANSWER);
  assert_finds ("a", PEM);
  g_assert_cmpuint (keyring_prompter_get_n_asked (prompter), ==, 5);
  assert_lookup_fails ("not stored", CW_KEYRING_ERROR_NOT_FOUND);
  assert_clears ("a");
  assert_stores ("b");
  g_assert_cmpuint (keyring_prompter_get_n_asked (prompter), ==, 5);
}

/* Each of them is what meets the locked keyring first. */
static void
play_locked_later (void)
{
  g_autoptr (KeyringPrompter) prompter = NULL;

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_lock ();
  prompter = keyring_prompter_new (KEYRING_PROMPTER_DISMISS, KEYRING_PASSWORD);
  assert_describes ("The keyring “Login”", TRUE);
  assert_all_fail (CW_KEYRING_ERROR_DISMISSED);

  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_ANSWER);
  assert_stores ("b");
  keyring_session_lock ();
  assert_finds ("a", PEM);
  keyring_session_lock ();
  assert_lookup_fails ("not stored", CW_KEYRING_ERROR_NOT_FOUND);
  keyring_session_lock ();
  assert_clears ("a");
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_finds ("b", PEM);
}

static void
play_prompt_impossible (void)
{
  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_lock ();
  assert_all_fail (CW_KEYRING_ERROR_LOCKED);
}

static void
play_none_made_yet (void)
{
  g_autoptr (KeyringPrompter) prompter = NULL;

  keyring_session_start_daemon (FALSE);
  assert_describes ("A new keyring", FALSE);
  assert_store_fails ("a", CW_KEYRING_ERROR_LOCKED);

  prompter = keyring_prompter_new (KEYRING_PROMPTER_DISMISS, KEYRING_PASSWORD);
  assert_store_fails ("a", CW_KEYRING_ERROR_DISMISSED);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_clears ("a");
  g_assert_cmpuint (keyring_prompter_get_n_asked (prompter), ==, 1);

  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_ANSWER);
  assert_stores ("a");
  assert_finds ("a", PEM);
}

static void
play_restarted (void)
{
  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_signal_daemon (SIGKILL);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_ABSENT);
  assert_store_fails ("b", CW_KEYRING_ERROR_ABSENT);

  keyring_session_start_daemon (TRUE);
  assert_finds ("a", PEM);
  keyring_session_signal_daemon (SIGKILL);
  keyring_session_start_daemon (TRUE);
  assert_stores ("b");
  keyring_session_signal_daemon (SIGKILL);
  keyring_session_start_daemon (TRUE);
  assert_clears ("a");
  assert_describes ("The keyring “Login”", FALSE);
}

/* What is done to the first search after an item was made: the reading back. */
typedef struct
{
  gboolean created;
  gboolean done;
  gboolean kill; /* or else the search is made to look for something else */
} Interference;

static GDBusMessage *
search_for_nothing (GDBusMessage *message)
{
  GDBusMessage *copy = g_dbus_message_copy (message, NULL);
  GVariantBuilder attributes;

  g_object_unref (message);
  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", "identity", "nobody");
  g_dbus_message_set_body (copy, g_variant_new ("(a{ss})", &attributes));
  return copy;
}

/* Runs in GIO's own thread, just before a message is sent. */
static GDBusMessage *
interfere_cb (GDBusConnection *connection,
              GDBusMessage *message,
              gboolean incoming,
              gpointer user_data)
{
  Interference *interference = user_data;
  const char *member = g_dbus_message_get_member (message);

  if (incoming || interference->done || member == NULL)
    return message;
  if (g_str_equal (member, "CreateItem"))
    interference->created = TRUE;
  if (!interference->created || !g_str_equal (member, "SearchItems"))
    return message;
  interference->done = TRUE;
  if (!interference->kill)
    return search_for_nothing (message);
  keyring_session_kill_daemon_now ();
  return message;
}

static void
interfere (Interference *interference)
{
  g_autoptr (GError) error = NULL;
  /* The one that libsecret uses too; kept, so that it does. */
  GDBusConnection *connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_add_filter (connection, interfere_cb, interference, NULL);
}

static void
play_killed_before_read_back (void)
{
  static Interference interference = { .kill = TRUE };

  keyring_session_start_daemon (TRUE);
  interfere (&interference);
  assert_store_fails ("a", CW_KEYRING_ERROR_READ_BACK); /* it may be there */
  g_assert_true (interference.done);

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  assert_finds ("a", PEM);
}

static void
play_reads_back_something_else (void)
{
  static Interference interference = { .kill = FALSE };

  keyring_session_start_daemon (TRUE);
  interfere (&interference);
  assert_store_fails ("a", CW_KEYRING_ERROR_READ_BACK);
  g_assert_true (interference.done);
  assert_stores ("a");
}

/* All at once, so that their patience ends together, and before D-Bus's own does. */
static void
play_stopped (void)
{
  g_autoptr (GDBusConnection) connection = keyring_session_connect ();
  g_autoptr (GAsyncResult) plain_call = NULL;
  g_autoptr (CwSecret) pem = cw_secret_new (PEM, -1);
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) described = NULL;
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) describe_error = NULL;

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_signal_daemon (SIGSTOP);
  g_dbus_connection_call (connection, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                          "org.freedesktop.DBus.Peer", "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE,
                          -1, NULL, ready_cb, &plain_call);
  cw_keyring_store_async ("b", FINGERPRINT, "Certwright", pem, NULL, ready_cb, &stored);
  cw_keyring_lookup_async ("a", FINGERPRINT, NULL, ready_cb, &found);
  cw_keyring_describe_async (NULL, ready_cb, &described);
  wait_for (&stored);
  wait_for (&found);
  wait_for (&described);
  g_assert_false (cw_keyring_store_finish (stored, &store_error));
  g_assert_error (store_error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_ANSWERING);
  g_assert_null (cw_keyring_lookup_finish (found, &lookup_error));
  g_assert_error (lookup_error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_ANSWERING);
  g_assert_null (cw_keyring_describe_finish (described, NULL, &describe_error));
  g_assert_error (describe_error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_ANSWERING);

  g_assert_null (plain_call);

  keyring_session_signal_daemon (SIGCONT);
  wait_for (&plain_call);
  assert_finds ("a", PEM);
  assert_lookup_fails ("b", CW_KEYRING_ERROR_NOT_FOUND);
}

static void
play_absent (void)
{
  assert_all_fail (CW_KEYRING_ERROR_ABSENT);
  assert_describe_fails (CW_KEYRING_ERROR_ABSENT);
}

/* A prompt is open when the daemon ends. */
static void
play_killed_while_asking (void)
{
  g_autoptr (KeyringPrompter) prompter = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_lock ();
  prompter = keyring_prompter_new (KEYRING_PROMPTER_WAIT, KEYRING_PASSWORD);
  cw_keyring_lookup_async ("a", FINGERPRINT, NULL, ready_cb, &result);
  wait_until_asked (prompter, 1);
  keyring_session_signal_daemon (SIGKILL);
  wait_for (&result);
  g_assert_null (cw_keyring_lookup_finish (result, &error));
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT);
}

/* Cancelling */

static void
assert_cancelled_while_asking (KeyringPrompter *prompter, gboolean store)
{
  guint n = keyring_prompter_get_n_asked (prompter);
  g_autoptr (CwSecret) pem = cw_secret_new (PEM, -1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (store)
    cw_keyring_store_async ("b", FINGERPRINT, "Certwright", pem, cancellable, ready_cb, &result);
  else
    cw_keyring_lookup_async ("a", FINGERPRINT, cancellable, ready_cb, &result);
  wait_until_asked (prompter, n + 1);
  g_cancellable_cancel (cancellable);
  wait_for (&result);
  if (store)
    g_assert_false (cw_keyring_store_finish (result, &error));
  else
    g_assert_null (cw_keyring_lookup_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
play_cancelled_while_asking (void)
{
  g_autoptr (KeyringPrompter) prompter = NULL;

  keyring_session_start_daemon (TRUE);
  assert_stores ("a");
  keyring_session_lock ();
  prompter = keyring_prompter_new (KEYRING_PROMPTER_WAIT, KEYRING_PASSWORD);
  assert_cancelled_while_asking (prompter, FALSE);
  /* The question stays open, and unlocks the keyring all the same. */
  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_ANSWER);
  assert_finds ("a", PEM);

  keyring_session_lock ();
  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_WAIT);
  assert_cancelled_while_asking (prompter, TRUE);
  keyring_prompter_set_mode (prompter, KEYRING_PROMPTER_ANSWER);
  assert_lookup_fails ("b", CW_KEYRING_ERROR_NOT_FOUND);
  assert_stores ("b");
}

/* At each moment that there is: whatever comes of it, the next one can write. */
static void
play_cancelled_anywhen (void)
{
  keyring_session_start_daemon (TRUE);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (CwSecret) pem = cw_secret_new (PEM, -1);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      cw_keyring_store_async ("a", FINGERPRINT, "Certwright", pem, cancellable, ready_cb, &result);
      for (guint j = 0; j < i && result == NULL; j++)
        g_main_context_iteration (NULL, TRUE);
      g_cancellable_cancel (cancellable);
      wait_for (&result);
      if (!cw_keyring_store_finish (result, &error))
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  assert_stores ("a");
  assert_finds ("a", PEM);
}

/* The writers' lock */

static void
play_lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwWriterLock) lock = cw_writer_lock_new (0, NULL, &error);
  g_autoptr (CwWriterLock) second = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "certwright", NULL);
  g_autofree char *path = g_build_filename (folder, "keyring.lock", NULL);
  GStatBuf status;

  g_assert_no_error (error);
  g_assert_nonnull (lock);
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_assert_null (cw_writer_lock_new (50, NULL, &error));
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_BUSY);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (cw_writer_lock_new (G_MAXUINT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_clear_pointer (&lock, cw_writer_lock_free);
  second = cw_writer_lock_new (0, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
play_lock_impossible (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "certwright", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, "a file where a folder should be", -1, &error);
  g_assert_no_error (error);
  keyring_session_start_daemon (TRUE);
  assert_store_fails ("a", CW_KEYRING_ERROR_FAILED);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
}

static void
play_waits_for_lock (void)
{
  g_autoptr (CwSecret) pem = cw_secret_new (PEM, -1);
  g_autoptr (CwWriterLock) lock = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) waiting = NULL;
  g_autoptr (GAsyncResult) given_up = NULL;
  g_autoptr (GError) error = NULL;

  keyring_session_start_daemon (TRUE);
  lock = cw_writer_lock_new (0, NULL, &error);
  g_assert_no_error (error);
  cw_keyring_store_async ("a", FINGERPRINT, "Certwright", pem, NULL, ready_cb, &waiting);
  cw_keyring_store_async ("b", FINGERPRINT, "Certwright", pem, cancellable, ready_cb, &given_up);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND); /* reading needs no lock */
  g_cancellable_cancel (cancellable);
  wait_for (&given_up);
  g_assert_false (cw_keyring_store_finish (given_up, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (waiting);

  g_clear_pointer (&lock, cw_writer_lock_free);
  wait_for (&waiting);
  g_assert_true (cw_keyring_store_finish (waiting, &error));
  g_assert_no_error (error);
  assert_finds ("a", PEM);
  assert_lookup_fails ("b", CW_KEYRING_ERROR_NOT_FOUND);
}

/* Several writers */

#define N_WRITERS 4
#define N_KEYS    5

static char *
writer_identity (const char *writer, guint i)
{
  return g_strdup_printf ("%s-%u", writer, i);
}

/* A process of its own. */
static int
writer_main (const char *writer)
{
  for (guint i = 0; i < N_KEYS; i++)
    {
      g_autofree char *identity = writer_identity (writer, i);

      assert_stores (identity);
    }
  return 0;
}

static GSubprocess *
writer_start (const char *writer)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--writer", writer, NULL);

  g_assert_no_error (error);
  return process;
}

static void
assert_writers_lose_nothing (void)
{
  static const char *const names[N_WRITERS] = { "one", "two", "three", "four" };
  GSubprocess *writers[N_WRITERS];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_WRITERS; i++)
    writers[i] = writer_start (names[i]);
  assert_stores ("self");
  for (guint i = 0; i < N_WRITERS; i++)
    {
      g_subprocess_wait_check (writers[i], NULL, &error);
      g_assert_no_error (error);
      g_object_unref (writers[i]);
    }
  assert_finds ("self", PEM);
  for (guint i = 0; i < N_WRITERS * N_KEYS; i++)
    {
      g_autofree char *identity = writer_identity (names[i / N_KEYS], i % N_KEYS);

      assert_finds (identity, PEM);
    }
}

static void
play_writers (void)
{
  keyring_session_start_daemon (TRUE);
  assert_writers_lose_nothing ();
}

/*
 * Behind a store that its caller has given up, and that is still under way: the
 * key was not there when it was looked for, and is when the lock is free.
 */
static void
play_clear_behind_store (void)
{
  static const SecretSchema schema = {
    "io.github.certwright.Key",
    SECRET_SCHEMA_NONE,
    {
        { CW_KEYRING_IDENTITY, SECRET_SCHEMA_ATTRIBUTE_STRING },
        { CW_KEYRING_SPKI_SHA256, SECRET_SCHEMA_ATTRIBUTE_STRING },
        { NULL, 0 },
    },
  };
  g_autoptr (CwWriterLock) lock = NULL;
  g_autoptr (GAsyncResult) clearing = NULL;
  g_autoptr (GAsyncResult) storing = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_over = FALSE;

  keyring_session_start_daemon (TRUE);
  lock = cw_writer_lock_new (0, NULL, &error);
  g_assert_no_error (error);
  cw_keyring_clear_async ("a", FINGERPRINT, NULL, ready_cb, &clearing);
  g_timeout_add (500, time_is_over_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (clearing);

  secret_password_store (&schema, NULL, "Certwright", PEM, NULL, ready_cb, &storing,
                         CW_KEYRING_IDENTITY, "a", CW_KEYRING_SPKI_SHA256, FINGERPRINT, NULL);
  wait_for (&storing);
  g_assert_true (secret_password_store_finish (storing, &error));
  g_assert_no_error (error);
  g_clear_pointer (&lock, cw_writer_lock_free);
  wait_for (&clearing);
  g_assert_true (cw_keyring_clear_finish (clearing, &error));
  g_assert_no_error (error);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_clears ("a");
}

/* Several calls of one process, none waited for. */
static void
play_writers_inside (void)
{
  g_autoptr (CwSecret) pem = cw_secret_new (PEM, -1);
  GAsyncResult *results[N_KEYS] = { NULL };
  g_autoptr (GError) error = NULL;

  keyring_session_start_daemon (TRUE);
  for (guint i = 0; i < N_KEYS; i++)
    {
      g_autofree char *identity = writer_identity ("inside", i);

      cw_keyring_store_async (identity, FINGERPRINT, "Certwright", pem, NULL, ready_cb,
                              &results[i]);
    }
  for (guint i = 0; i < N_KEYS; i++)
    {
      g_autofree char *identity = writer_identity ("inside", i);

      wait_for (&results[i]);
      g_assert_true (cw_keyring_store_finish (results[i], &error));
      g_assert_no_error (error);
      g_object_unref (results[i]);
      assert_finds (identity, PEM);
    }
}

/* libsecret's own file, as inside a sandbox */

static char *
file_path (void)
{
  return g_build_filename (keyring_session_get_folder (), "test.keyring", NULL);
}

static void
use_file (void)
{
  g_autofree char *path = file_path ();

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", KEYRING_PASSWORD, TRUE);
}

static void
play_file (void)
{
  use_file ();
  assert_describes ("Certwright’s own encrypted file", FALSE);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_stores ("a");
  assert_stores ("b");
  assert_finds ("a", PEM);
  assert_clears ("a");
  assert_clears ("a");
  assert_lookup_fails ("a", CW_KEYRING_ERROR_NOT_FOUND);
  assert_finds ("b", PEM);

  g_setenv ("SECRET_FILE_TEST_PASSWORD", "another", TRUE);
  assert_lookup_fails ("b", CW_KEYRING_ERROR_LOCKED);
  assert_clear_fails ("b", CW_KEYRING_ERROR_LOCKED);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", KEYRING_PASSWORD, TRUE);
  assert_finds ("b", PEM);
}

static void
play_file_writers (void)
{
  use_file ();
  assert_writers_lose_nothing ();
}

static void
assert_damage_is_reported (const char *path, const char *contents, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  assert_lookup_fails ("a", CW_KEYRING_ERROR_FAILED);
}

static void
play_file_damaged (void)
{
  g_autofree char *path = file_path ();
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  use_file ();
  assert_stores ("a");
  assert_stores ("b");
  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  for (gsize end = 0; end < length; end++)
    assert_damage_is_reported (path, contents, end);
  assert_damage_is_reported (path, "rubbish that is longer than its header", -1);
  assert_store_fails ("a", CW_KEYRING_ERROR_FAILED);
  assert_describe_fails (CW_KEYRING_ERROR_FAILED);

  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  assert_finds ("a", PEM);
}

static void
play_file_is_folder (void)
{
  g_autofree char *path = file_path ();

  use_file ();
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  assert_all_fail (CW_KEYRING_ERROR_FAILED);
}

/* LeakSanitizer cannot tell: no frame of libsecret's is on the stack of what it loses. */
static void
expect_leaks (gboolean expected)
{
  static char *given = NULL;
  g_autofree char *options = NULL;

  if (given == NULL)
    given = g_strdup (g_getenv ("ASAN_OPTIONS") != NULL ? g_getenv ("ASAN_OPTIONS") : "");
  options = g_strconcat (given, expected ? ":detect_leaks=0" : "", NULL);
  g_setenv ("ASAN_OPTIONS", options, TRUE);
}

/* The parent: makes the session, has the scenario played, cleans up, judges. */
static void
scenario_run (gconstpointer data)
{
  const Scenario *scenario = data;

  if (g_test_subprocess ())
    {
      scenario->play ();
      return;
    }
  if (!keyring_session_is_possible ())
    {
      g_test_skip ("gnome-keyring-daemon or dbus-daemon is not installed");
      return;
    }
  expect_leaks (scenario->leaks);
  keyring_session_begin (scenario->bus);
  g_test_trap_subprocess (NULL, TIME_LIMIT, G_TEST_SUBPROCESS_INHERIT_STDERR);
  keyring_session_end ();
  g_test_trap_assert_passed ();
}

static const Scenario scenarios[] = {
  { "/keyring/unlocked", TRUE, play_unlocked },
  { "/keyring/locked-from-start", TRUE, play_locked_from_start },
  { "/keyring/locked-later", TRUE, play_locked_later },
  { "/keyring/prompt-impossible", TRUE, play_prompt_impossible },
  { "/keyring/none-made-yet", TRUE, play_none_made_yet },
  { "/keyring/restarted", TRUE, play_restarted },
  { "/keyring/killed-before-read-back", TRUE, play_killed_before_read_back },
  { "/keyring/killed-while-asking", TRUE, play_killed_while_asking },
  { "/keyring/reads-back-something-else", TRUE, play_reads_back_something_else },
  { "/keyring/stopped", TRUE, play_stopped },
  { "/keyring/absent", TRUE, play_absent },
  { "/keyring/no-bus", FALSE, play_absent },
  { "/keyring/cancelled-while-asking", TRUE, play_cancelled_while_asking },
  { "/keyring/cancelled-anywhen", TRUE, play_cancelled_anywhen },
  { "/keyring/lock", FALSE, play_lock },
  { "/keyring/lock-impossible", TRUE, play_lock_impossible },
  { "/keyring/waits-for-lock", TRUE, play_waits_for_lock },
  { "/keyring/clear-behind-store", TRUE, play_clear_behind_store },
  { "/keyring/writers", TRUE, play_writers },
  { "/keyring/writers-inside", TRUE, play_writers_inside },
  { "/keyring/file", FALSE, play_file, TRUE },
  { "/keyring/file-writers", FALSE, play_file_writers, TRUE },
  { "/keyring/file-damaged", FALSE, play_file_damaged, TRUE },
  { "/keyring/file-is-folder", FALSE, play_file_is_folder },
};

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--writer"))
    return writer_main (argv[2]);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    g_test_add_data_func (scenarios[i].path, &scenarios[i], scenario_run);
  return g_test_run ();
}
