/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart storage[] = {
  { CW_HELP_TEXT,
    N_ ("Private keys are in the keyring of your desktop, which is encrypted and usually unlocked "
        "when you log in. They are nowhere else, except where you copied or saved them. With GNOME "
        "Keyring, “Passwords and Keys” shows their names.") },
  { CW_HELP_TEXT, N_ ("Everything else is in a database: what you entered, requests, certificates "
                      "and chains. No private key and no passphrase is in it. It is the file "
                      "~/.local/share/certwright/certificates.db.") },
  { CW_HELP_TEXT,
    N_ ("In the Flatpak both are below ~/.var/app/io.github.certwright.Certwright/data: the "
        "database in the folder certwright, and the keys in an encrypted file in the folder "
        "keyrings. Its password is kept by the desktop’s keyring.") },
  { CW_HELP_TEXT,
    N_ ("If the keyring is locked, unlock it and press “Try Again”: nothing is lost. If it was "
        "deleted or made anew, the keys are gone, and each certificate needs a new request.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart moving[] = {
  { CW_HELP_TEXT, N_ ("One certificate moves in a file that has its key in it:") },
  { CW_HELP_ITEM, N_ ("In the window, show the details of the entry, press “Export…”, choose "
                      "“PKCS#12” and a passphrase, and press “Save…”.") },
  { CW_HELP_ITEM, N_ ("In a terminal, “certwright-cli export steve@example.com --to steve.p12” "
                      "writes key, certificate and chain of the entry with that name, and asks for "
                      "a passphrase to protect them with.") },
  { CW_HELP_ITEM, N_ ("For the Flatpak it is “flatpak run --command=certwright-cli "
                      "io.github.certwright.Certwright export steve@example.com --to - > "
                      "steve.p12”.") },
  { CW_HELP_ITEM, N_ ("On the other computer choose “I Already Have Files…” in the menu, and open "
                      "that file. Then delete it on both.") },
  { CW_HELP_TEXT,
    N_ ("To move all of it to a new computer, private CAs too, take along the folders "
        "~/.local/share/certwright and ~/.local/share/keyrings, which is GNOME Keyring’s; other "
        "keyrings have theirs elsewhere. For a backup, these two are enough. The keyring opens "
        "with the password that it had. Where a keyring is in use already, copying another one "
        "over it destroys what is in it.") },
  { CW_HELP_TEXT, N_ ("Only both together are of use: the database has no keys, and the keyring "
                      "has no certificates. For the Flatpak, take along "
                      "~/.var/app/io.github.certwright.Certwright and the desktop’s keyring, which "
                      "has the password of its encrypted file.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_keeping[] = {
  { "storage", N_ ("Where Things Are Kept"), storage, LIST ("moving"), NULL, NULL },
  { "moving", N_ ("Moving to Another Computer"), moving, LIST ("storage", "export"), NULL, NULL },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
