home=${JUDGES_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/judges}
[ -x "$home/venv/bin/python" ] || { echo "judges not installed in $home: run setup" >&2; exit 3; }
export PUPPETEER_EXECUTABLE_PATH=${PUPPETEER_EXECUTABLE_PATH:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export ACE_TIMEOUT_INITIAL=${ACE_TIMEOUT_INITIAL:-60000} PATH=$home/bin:$PATH
[ -n "${1:-}" ] && [ -f "$1" ] || { echo "usage: $(basename "$0") FILE" >&2; exit 3; }
file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
if [ -n "${JUDGE_OUT:-}" ]; then mkdir -p "$JUDGE_OUT"; out=$(cd "$JUDGE_OUT" && pwd); else out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; fi
only=${JUDGE_ONLY:-} skip=${JUDGE_SKIP:-} bad=0
want() { case " $skip " in *" $1 "*) return 1;; esac; [ -z "$only" ] && return 0; case " $only " in *" $1 "*) return 0;; esac; return 1; }
# say JUDGE STATUS DETAILS  (status: PASS FAIL SKIP BROKEN)
say() { printf '%-12s %-6s %s\n' "$1" "$2" "$3"; case $2 in FAIL|BROKEN) bad=$((bad+1));; esac; }
verdict() { if [ "$bad" -eq 0 ]; then echo "verdict      PASS"; exit 0; else echo "verdict      FAIL   judges_failed=$bad"; exit 1; fi; }
