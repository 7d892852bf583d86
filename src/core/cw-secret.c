/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "cw-secret.h"

#define SECURE_HEAP_SIZE      (1024 * 1024)
#define SECURE_HEAP_MIN_BLOCK 32
#define BUILDER_FIRST_SIZE    256

struct _CwSecret
{
  gatomicrefcount ref_count;
  gsize length;
  gsize size; /* of what text points to, at least length + 1 */
  char *text;
};

struct _CwSecretBuilder
{
  gsize length;
  gsize size;
  char *text;
};

G_DEFINE_BOXED_TYPE (CwSecret, cw_secret, cw_secret_ref, cw_secret_unref)

/*
 * A full secure heap is no reason to lose a person's key: ordinary memory is
 * second best, and is wiped by the same call.
 */
static char *
secret_alloc (gsize size)
{
  char *memory;

  ERR_set_mark ();
  memory = OPENSSL_secure_malloc (size);
  if (memory == NULL)
    memory = OPENSSL_malloc (size);
  ERR_pop_to_mark ();
  if (memory == NULL)
    g_error ("%s: failed to allocate %" G_GSIZE_FORMAT " bytes", G_STRLOC, size);

  return memory;
}

static void
secret_free (char *memory, gsize size)
{
  OPENSSL_secure_clear_free (memory, size);
}

static CwSecret *
secret_new_taking (char *text, gsize length, gsize size)
{
  CwSecret *self = g_new0 (CwSecret, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = text;
  self->length = length;
  self->size = size;

  return self;
}

static void
builder_grow (CwSecretBuilder *self, gsize wanted)
{
  gsize size = self->size;
  char *text;

  while (size < wanted)
    {
      g_assert (size <= G_MAXSIZE / 2);
      size *= 2;
    }

  text = secret_alloc (size);
  memcpy (text, self->text, self->length);
  secret_free (self->text, self->size);
  self->text = text;
  self->size = size;
}

static gpointer
make_heap (gpointer unused)
{
  int result;

  ERR_set_mark ();
  result = CRYPTO_secure_malloc_init (SECURE_HEAP_SIZE, SECURE_HEAP_MIN_BLOCK);
  ERR_pop_to_mark ();

  return GINT_TO_POINTER (result == 1);
}

gboolean
cw_secret_heap_init (void)
{
  static GOnce once = G_ONCE_INIT;

  return GPOINTER_TO_INT (g_once (&once, make_heap, NULL));
}

CwSecret *
cw_secret_new (const char *text, gssize length)
{
  gsize n_bytes;
  char *copy;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);

  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  copy = secret_alloc (n_bytes + 1);
  memcpy (copy, text, n_bytes);
  copy[n_bytes] = '\0';

  return secret_new_taking (copy, n_bytes, n_bytes + 1);
}

CwSecret *
cw_secret_new_wiping (char *text)
{
  CwSecret *self;

  if (text == NULL)
    return NULL;

  self = cw_secret_new (text, -1);
  OPENSSL_cleanse (text, self->length);
  g_free (text);

  return self;
}

CwSecret *
cw_secret_ref (CwSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cw_secret_unref (CwSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  secret_free (self->text, self->size);
  g_free (self);
}

const char *
cw_secret_peek (CwSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

gsize
cw_secret_get_length (CwSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

gboolean
cw_secret_equal (CwSecret *a, CwSecret *b)
{
  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  return a->length == b->length && CRYPTO_memcmp (a->text, b->text, a->length) == 0;
}

GBytes *
cw_secret_to_bytes (CwSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_bytes_new_with_free_func (self->text, self->length, (GDestroyNotify) cw_secret_unref,
                                     cw_secret_ref (self));
}

CwSecretBuilder *
cw_secret_builder_new (void)
{
  CwSecretBuilder *self = g_new0 (CwSecretBuilder, 1);

  self->size = BUILDER_FIRST_SIZE;
  self->text = secret_alloc (self->size);

  return self;
}

void
cw_secret_builder_append (CwSecretBuilder *self, const char *text, gssize length)
{
  gsize n_bytes;

  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL);
  g_return_if_fail (length >= -1);

  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  g_assert (n_bytes < G_MAXSIZE - self->length);

  /* One byte more, for the final NUL. */
  if (self->size - self->length <= n_bytes)
    builder_grow (self, self->length + n_bytes + 1);
  memcpy (self->text + self->length, text, n_bytes);
  self->length += n_bytes;
}

void
cw_secret_builder_free (CwSecretBuilder *self)
{
  g_return_if_fail (self != NULL);

  secret_free (self->text, self->size);
  g_free (self);
}

CwSecret *
cw_secret_builder_end (CwSecretBuilder *self)
{
  CwSecret *secret;

  g_return_val_if_fail (self != NULL, NULL);

  self->text[self->length] = '\0';
  secret = secret_new_taking (self->text, self->length, self->size);
  g_free (self);

  return secret;
}
