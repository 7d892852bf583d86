# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Completion of certwright-cli for bash.

# The words of $1 that begin with what was typed.
_certwright_cli_words () {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_certwright_cli_files () {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

# The ids and folders' names are plain words, so splitting them is safe.
_certwright_cli_profiles () {
  local folder folders profile names=''
  IFS=: read -ra folders <<<"${XDG_DATA_HOME:-$HOME/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
  for folder in "${folders[@]}"; do
    for profile in "$folder"/certwright/profiles/*/profile.ini; do
      [[ -e $profile ]] || continue
      profile=${profile%/*}
      names+=" ${profile##*/}"
    done
  done
  _certwright_cli_words "$names"
}

_certwright_cli_ids () {
  _certwright_cli_words "$(certwright-cli list --ids 2>/dev/null)"
}

_certwright_cli_options () {
  local passphrase='--passphrase-file --passphrase-fd'
  case $1 in
    inspect) _certwright_cli_words "--json --letter --fetch $passphrase --profile --at --help" ;;
    request) _certwright_cli_words '--common-name --subject --alt-name --usage --key-kind --profile --output --force --help' ;;
    self-sign) _certwright_cli_words '--common-name --subject --alt-name --usage --key-kind --profile --days --output --force --help' ;;
    list) _certwright_cli_words '--json --ids --help' ;;
    import) _certwright_cli_words "--letter $passphrase --profile --replace --help" ;;
    output) _certwright_cli_words "--output-id --profile --address --server-cas $passphrase --to --force --set --help" ;;
    test) _certwright_cli_words "--key --cert --ca $passphrase --server-cas --keep --save-server-ca --force --no-verify --publish --topic --payload --profile --timeout --json --help" ;;
    export) _certwright_cli_words "--format --to --with-root $passphrase --force --help" ;;
    commands) _certwright_cli_words '--for --address --server-cas --help' ;;
    ca) _certwright_cli_words '--help' ;;
    'ca create') _certwright_cli_words '--common-name --subject --key-kind --days --output --force --help' ;;
    'ca sign') _certwright_cli_words '--ca --days --client --server --usage --add-name --drop-name --yes --json --to --with-root --force --help' ;;
    'ca list') _certwright_cli_words '--json --help' ;;
    'ca revoke') _certwright_cli_words '--reason --yes --help' ;;
    'ca crl') _certwright_cli_words '--days --to --force --help' ;;
    delete) _certwright_cli_words '--yes --help' ;;
    profile) _certwright_cli_words '--help' ;;
  esac
}

_certwright_cli () {
  local commands='inspect request self-sign list import output test export commands ca delete profile help'
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command=${COMP_WORDS[1]-}

  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    _certwright_cli_words "$commands --help --version"
    return
  fi

  if [[ $command == ca ]]; then
    if (( COMP_CWORD == 2 )); then
      _certwright_cli_words 'create sign list revoke crl --help'
      return
    fi
    command="ca ${COMP_WORDS[2]}"
    # Here it is no file.
    [[ $previous == --ca ]] && { _certwright_cli_ids; return; }
  fi

  # Bash splits words at "=" too.
  [[ $cur == = ]] && cur=
  [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}
  case $previous in
    --passphrase-file | --key | --cert | --ca | --to | --set | --save-server-ca | --output | -o) _certwright_cli_files; return ;;
    --server-cas)
      _certwright_cli_files
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W 'system reply' -- "$cur")
      return
      ;;
    --profile) _certwright_cli_profiles; return ;;
    --format) _certwright_cli_words 'pkcs12 encrypted-key pem chain request'; return ;;
    --key-kind) _certwright_cli_words 'rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521 ed25519'; return ;;
    --usage) _certwright_cli_words 'clientAuth serverAuth emailProtection codeSigning msSmartcardLogin'; return ;;
    --reason) _certwright_cli_words 'unspecified keyCompromise affiliationChanged superseded cessationOfOperation privilegeWithdrawn'; return ;;
    --alt-name | --add-name | --drop-name)
      _certwright_cli_words 'email: dns: ip: uri: upn: other:'
      compopt -o nospace 2>/dev/null
      return
      ;;
    --for) _certwright_cli_words 'request self-sign sign verify test convert'; return ;;
    --common-name | --subject | --days | --address | --passphrase-fd | --at | --output-id | --topic | --payload | --timeout) return ;;
  esac

  if [[ $cur == -* ]]; then
    _certwright_cli_options "$command"
    return
  fi
  case $command in
    help) _certwright_cli_words "$commands" ;;
    inspect | import) _certwright_cli_files ;;
    'ca sign') _certwright_cli_files ;;
    'ca list' | 'ca revoke' | 'ca crl') _certwright_cli_ids ;;
    output | test | export | commands | delete) _certwright_cli_ids ;;
    profile)
      if (( COMP_CWORD == 2 )); then _certwright_cli_words 'list check'; else _certwright_cli_files; fi
      ;;
  esac
}

complete -F _certwright_cli certwright-cli
