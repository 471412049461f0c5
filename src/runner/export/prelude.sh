# ---- What the lines of the lab are made with ------------------------------------------------------------------------

command -v aws >/dev/null || { echo 'The AWS CLI is needed: https://aws.amazon.com/cli/' >&2; exit 3; }
export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json

# Version 2 of the AWS CLI takes bytes for base64 unless it is told otherwise; version 1 does not know the option.
case "$(aws --version 2>&1)" in
  aws-cli/1.*) RAW_BYTES='' ;;
  *) RAW_BYTES='--cli-binary-format raw-in-base64-out' ;;
esac

WORK=$(mktemp -d)
CLAIMED=''
LEFT=''

say() { printf '\n== %s\n' "$1"; }
fail() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }

# items READ…: what the --query of a read finds, one on each line.
items() { "$@" --output text | tr '\t' '\n' | grep -vxE 'None|False|' || true; }

# found READ…: whether the --query of a read finds anything; 0 for yes, 1 for no, 2 when AWS does not tell.
found() {
  local answer
  if answer=$("$@" --output text 2>"$WORK/found"); then
    printf '%s\n' "$answer" | tr '\t' '\n' | grep -qvxE 'None|False|'
  else
    unfound
  fi
}

# unfound: 1 when the read that failed says that there is no such thing, 2 when it says something else.
unfound() {
  grep -qF "$ABSENT" "$WORK/found" || return 2
  return 1
}

# await WHAT SECONDS QUERY READ…: repeats a read until its query finds true.
await() {
  local what=$1 deadline=$((SECONDS + $2)) query=$3
  shift 3
  until [ "$("$@" --query "$query" --output json 2>"$WORK/await")" = true ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      cat "$WORK/await" >&2
      printf 'Waited in vain for %s.\n' "$what" >&2
      return 1
    fi
    sleep 1
  done
}

# patiently COMMAND…: repeats a call for a minute while AWS refuses it because a new role is not known everywhere yet.
patiently() {
  local deadline=$((SECONDS + 60))
  until "$@" 2>"$WORK/patiently"; do
    if ! grep -qF "$LATE" "$WORK/patiently" || [ "$SECONDS" -ge "$deadline" ]; then
      cat "$WORK/patiently" >&2
      return 1
    fi
    sleep 2
  done
}

# archive FOLDER FILE: makes a zip archive of the files in a folder.
archive() {
  rm -f "$2"
  if command -v zip >/dev/null; then
    (cd "$1" && zip -q -r "$2" .)
  else
    python3 -c 'import shutil, sys; shutil.make_archive(sys.argv[2][:-4], "zip", sys.argv[1])' "$1" "$2"
  fi
}

# claim NAME WHAT: what is not there may be created, and is taken down at the end. What is there already is left alone.
claim() {
  local there=0
  "left_$1" || there=$?
  case $there in
    0) fail "The $2 exists already, and this script did not create it. Export the lab with --prefix for other names." 3 ;;
    1) CLAIMED="$1 $CLAIMED" ;;
    *) cat "$WORK/found" >&2; fail "Whether there is a $2 could not be seen." 3 ;;
  esac
}

# take_down NAME SECONDS WHAT [STAYS]: removes what was claimed, and waits until it is gone; where STAYS is not empty, it stays.
take_down() {
  local name=$1 deadline=$((SECONDS + $2)) what=$3 stays=${4:-}
  case " $CLAIMED " in *" $name "*) ;; *) return 0 ;; esac
  "left_$name"
  [ $? -eq 1 ] && return 0
  if [ -n "$stays" ]; then
    printf 'The %s stays, as you asked. Remove it when it is not needed any more.\n' "$what"
    return 0
  fi
  while :; do
    "remove_$name" >/dev/null 2>"$WORK/removal"
    for _ in 1 2 3 4 5; do
      "left_$name"
      if [ $? -eq 1 ]; then
        printf 'Removed the %s.\n' "$what"
        return 0
      fi
      sleep 1
    done
    if [ "$SECONDS" -ge "$deadline" ]; then
      cat "$WORK/removal" >&2
      LEFT="$LEFT $what;"
      return 0
    fi
  done
}

# finish: takes everything down, however the script ends.
finish() {
  local status=$?
  trap - EXIT
  set +eu
  say 'Taking everything down'
  teardown
  rm -rf "$WORK"
  if [ -n "$LEFT" ]; then
    printf 'Still there:%s\n' "$LEFT" >&2
    status=4
  fi
  exit "$status"
}
