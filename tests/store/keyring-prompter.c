/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "keyring-prompter.h"
#include "keyring-session.h"

#define PROMPTER_NAME      "org.gnome.keyring.SystemPrompter"
#define PROMPTER_PATH      "/org/gnome/keyring/Prompter"
#define CALLBACK_INTERFACE "org.gnome.keyring.internal.Prompter.Callback"
#define EXCHANGE           "sx-aes-1"
#define PRIME_SIZE         192 /* 1536 bits: group 5 of RFC 3526 */
#define KEY_SIZE           16

struct _KeyringPrompter
{
  GDBusConnection *connection;
  KeyringPrompterMode mode;
  char *password;
  guint n_asked;
  BIGNUM *prime;
  BIGNUM *secret;

  /* The question that is open. */
  char *client;
  char *path;
  char *exchange;
};

static const char interface_xml[] =
    "<node><interface name='org.gnome.keyring.internal.Prompter'>"
    "<method name='BeginPrompting'><arg type='o' direction='in'/></method>"
    "<method name='PerformPrompt'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='s' direction='in'/></method>"
    "<method name='StopPrompting'><arg type='o' direction='in'/></method>"
    "</interface></node>";

static char *
base64_of_number (const BIGNUM *number)
{
  guint8 bytes[PRIME_SIZE];
  int length = BN_bn2bin (number, bytes);

  return g_base64_encode (bytes, length);
}

static char *
public_number (KeyringPrompter *self)
{
  BN_CTX *context = BN_CTX_new ();
  BIGNUM *two = BN_new ();
  BIGNUM *result = BN_new ();
  char *text;

  BN_set_word (two, 2);
  g_assert_true (BN_mod_exp (result, two, self->secret, self->prime, context));
  text = base64_of_number (result);
  BN_free (result);
  BN_free (two);
  BN_CTX_free (context);
  return text;
}

/* Diffie-Hellman with the other side's number, then HKDF with SHA-256. */
static void
transport_key (KeyringPrompter *self, const char *peer_base64, guint8 *key)
{
  g_autofree guint8 *peer_bytes = NULL;
  guint8 shared[PRIME_SIZE];
  gsize length, key_size = KEY_SIZE;
  int shared_size;
  BN_CTX *context = BN_CTX_new ();
  BIGNUM *result = BN_new ();
  BIGNUM *peer;
  EVP_PKEY_CTX *kdf = EVP_PKEY_CTX_new_id (EVP_PKEY_HKDF, NULL);

  peer_bytes = g_base64_decode (peer_base64, &length);
  peer = BN_bin2bn (peer_bytes, length, NULL);
  g_assert_true (BN_mod_exp (result, peer, self->secret, self->prime, context));
  /* gcr 3 does not pad it to the prime's size. */
  shared_size = BN_bn2bin (result, shared);
  g_assert_cmpint (EVP_PKEY_derive_init (kdf), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_hkdf_md (kdf, EVP_sha256 ()), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set1_hkdf_key (kdf, shared, shared_size), ==, 1);
  g_assert_cmpint (EVP_PKEY_derive (kdf, key, &key_size), ==, 1);
  EVP_PKEY_CTX_free (kdf);
  BN_free (peer);
  BN_free (result);
  BN_CTX_free (context);
}

static void
encrypt_password (KeyringPrompter *self, GKeyFile *reply, const char *peer)
{
  guint8 key[KEY_SIZE], iv[KEY_SIZE], output[256];
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
  g_autofree char *secret_text = NULL;
  g_autofree char *iv_text = NULL;
  int length, rest;

  transport_key (self, peer, key);
  RAND_bytes (iv, sizeof iv);
  g_assert_cmpint (EVP_EncryptInit (cipher, EVP_aes_128_cbc (), key, iv), ==, 1);
  EVP_EncryptUpdate (cipher, output, &length, (const guint8 *) self->password,
                     strlen (self->password));
  EVP_EncryptFinal (cipher, output + length, &rest);
  EVP_CIPHER_CTX_free (cipher);
  secret_text = g_base64_encode (output, length + rest);
  iv_text = g_base64_encode (iv, sizeof iv);
  g_key_file_set_value (reply, EXCHANGE, "secret", secret_text);
  g_key_file_set_value (reply, EXCHANGE, "iv", iv_text);
}

static char *
exchange_text (KeyringPrompter *self, gboolean with_password)
{
  g_autoptr (GKeyFile) reply = g_key_file_new ();
  g_autofree char *number = public_number (self);

  g_key_file_set_value (reply, EXCHANGE, "public", number);
  if (with_password)
    {
      g_autoptr (GKeyFile) received = g_key_file_new ();
      g_autofree char *peer = NULL;

      g_key_file_load_from_data (received, self->exchange, -1, G_KEY_FILE_NONE, NULL);
      peer = g_key_file_get_value (received, EXCHANGE, "public", NULL);
      g_assert_nonnull (peer);
      encrypt_password (self, reply, peer);
    }
  return g_strchug (g_key_file_to_data (reply, NULL, NULL));
}

static void
call_back (KeyringPrompter *self,
           const char *client,
           const char *path,
           const char *method,
           GVariant *arguments)
{
  g_dbus_connection_call (self->connection, client, path, CALLBACK_INTERFACE, method, arguments,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
answer (KeyringPrompter *self)
{
  gboolean yes = self->mode == KEYRING_PROMPTER_ANSWER;
  g_autofree char *text = NULL;

  if (self->mode == KEYRING_PROMPTER_WAIT || self->path == NULL)
    return;
  text = exchange_text (self, yes);
  call_back (self, self->client, self->path, "PromptReady",
             g_variant_new ("(sa{sv}s)", yes ? "yes" : "no", NULL, text));
  g_clear_pointer (&self->path, g_free);
}

static void
begin (KeyringPrompter *self, const char *client, const char *path)
{
  g_autofree char *text = exchange_text (self, FALSE);

  call_back (self, client, path, "PromptReady", g_variant_new ("(sa{sv}s)", "", NULL, text));
}

static void
perform (KeyringPrompter *self, const char *client, const char *path, const char *exchange)
{
  g_free (self->client);
  g_free (self->path);
  g_free (self->exchange);
  self->client = g_strdup (client);
  self->path = g_strdup (path);
  self->exchange = g_strdup (exchange);
  self->n_asked++;
  answer (self);
}

static void
method_call_cb (GDBusConnection *connection,
                const char *sender,
                const char *object_path,
                const char *interface,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  KeyringPrompter *self = user_data;
  const char *path, *exchange;

  g_dbus_method_invocation_return_value (invocation, NULL);
  g_variant_get_child (parameters, 0, "&o", &path);
  if (g_str_equal (method, "BeginPrompting"))
    begin (self, sender, path);
  else if (g_str_equal (method, "StopPrompting"))
    call_back (self, sender, path, "PromptDone", NULL);
  else
    {
      g_variant_get_child (parameters, 3, "&s", &exchange);
      perform (self, sender, path, exchange);
    }
}

static void
take_name (KeyringPrompter *self)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", PROMPTER_NAME, 4),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

KeyringPrompter *
keyring_prompter_new (KeyringPrompterMode mode, const char *password)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autoptr (GError) error = NULL;
  KeyringPrompter *self = g_new0 (KeyringPrompter, 1);

  self->mode = mode;
  self->password = g_strdup (password);
  self->prime = BN_get_rfc3526_prime_1536 (NULL);
  self->secret = BN_new ();
  g_assert_true (BN_rand_range (self->secret, self->prime));
  self->connection = keyring_session_connect ();
  g_dbus_connection_register_object (self->connection, PROMPTER_PATH, node->interfaces[0], &vtable,
                                     self, NULL, &error);
  g_assert_no_error (error);
  take_name (self);
  return self;
}

void
keyring_prompter_free (KeyringPrompter *self)
{
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  BN_free (self->prime);
  BN_free (self->secret);
  g_free (self->password);
  g_free (self->client);
  g_free (self->path);
  g_free (self->exchange);
  g_free (self);
}

guint
keyring_prompter_get_n_asked (KeyringPrompter *self)
{
  return self->n_asked;
}

void
keyring_prompter_set_mode (KeyringPrompter *self, KeyringPrompterMode mode)
{
  self->mode = mode;
  answer (self);
}
