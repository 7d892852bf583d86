/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart client_certificate[] = {
  { CW_HELP_TEXT,
    N_ ("A server shows a certificate to prove which server it is. With a client certificate the "
        "program that calls does the same in return: the server sees who is calling, and lets in "
        "only those it knows. This is called mutual TLS.") },
  { CW_HELP_TEXT, N_ ("Three things belong together:") },
  { CW_HELP_ITEM, N_ ("The private key is a secret number. Whoever has it can act as you, so it "
                      "stays with you.") },
  { CW_HELP_ITEM, N_ ("The request has your name and the public half of the key in it. It goes to "
                      "a CA (certificate authority) and is not secret.") },
  { CW_HELP_ITEM, N_ ("The certificate is what the CA answers: a signed statement that this key "
                      "belongs to this name, until a certain day.") },
  { CW_HELP_TEXT, N_ ("Certwright makes the key and the request, waits for the answer, checks it, "
                      "tries it with the server, and writes the configuration for the program that "
                      "will use it: the consumer.") },
  { CW_HELP_TEXT, N_ ("After a year or two the certificate ends. Then you go the same way again, "
                      "and what you entered is there already.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart home[] = {
  { CW_HELP_TEXT,
    N_ ("There is an entry for each certificate, from the first idea to its last day. The most "
        "urgent stand at the top, and pressing one leads to what it needs next:") },
  { CW_HELP_ITEM, N_ ("A draft still has to be filled in.") },
  { CW_HELP_ITEM,
    N_ ("One that waits for the CA has its request already. Press it when the reply comes.") },
  { CW_HELP_ITEM, N_ ("One that is valid shows its details, and can be used and tested again.") },
  { CW_HELP_ITEM, N_ ("One that is about to expire needs a successor: ask for it now, since CAs "
                      "can take weeks.") },
  { CW_HELP_TEXT, N_ ("Files can be dropped anywhere in the window: the entry that they belong to "
                      "is found by the key. A key or certificate that was made elsewhere comes in "
                      "with “I Already Have Files…” in the menu.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_basics[] = {
  { "client-certificate", N_ ("What Is a Client Certificate?"), client_certificate,
    LIST ("purpose", "storage"), NULL, NULL },
  { "home", N_ ("The List of Certificates"), home, LIST ("client-certificate", "moving"), NULL,
    NULL },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
