# Shared by the scripts: where we are, which Python, a virtual environment that matches the lock.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD

say() { printf '%s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# works PYTHON MINOR: an interpreter that starts, is Python 3.MINOR or newer and can make environments
works() {
    "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, $2))" >/dev/null 2>&1
}

# find_python VERSION: the path of that Python (3.11, 3.13, ...), from PATH or a pyenv beside it
find_python() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1"*/bin/python3; do
        if works "$candidate" "${1#3.}" &&
            [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$1" ]; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# any_python: PYTHON if set, else the machine's own, else the newest of the supported ones
any_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        works "$PYTHON" 11 || die "PYTHON=$PYTHON is not a usable Python >= 3.11 with venv."
        printf '%s\n' "$PYTHON"
        return
    fi
    if works python3 11; then
        printf 'python3\n'
        return
    fi
    for candidate in 3.13 3.12 3.11; do
        find_python "$candidate" && return
    done
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing python3 and python3-venv from Debian ..."
        apt-get update -qq >&2 && apt-get install -y -qq python3 python3-venv >&2
        works python3 11 && printf 'python3\n' && return
    fi
    die "Python >= 3.11 with venv is needed: apt-get install python3 python3-venv"
}

# apt_need COMMAND PACKAGE...: make sure a command is there, by Debian's packages where we may
apt_need() {
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $* from Debian ..."
        apt-get update -qq >&2 && apt-get install -y -qq "$@" >&2
    fi
    command -v "$command" >/dev/null || die "'$command' is needed: apt-get install $*"
}

# environment FOLDER PYTHON LOCK...: a virtual environment holding these locks.
# A stamp for each lock, of its content, makes the second time instant.
environment() {
    local folder=$1 python=$2 lock stamp wanted
    shift 2
    if [ ! -x "$folder/bin/python" ]; then
        say "Setting up $folder with $("$python" --version) ..."
        "$python" -m venv "$folder"
    fi
    for lock in "$@"; do
        stamp="$folder/.stamp-$(basename "$lock" .txt)"
        wanted=$(sha256sum <"$lock")
        if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
            say "Installing $lock ..."
            "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
                --no-compile --require-hashes --only-binary :all: -r "$lock" 2> >(grep -v '^WARNING: Location' >&2)
            printf '%s' "$wanted" >"$stamp"
        fi
    done
    "$folder/bin/python" - "$ROOT" "$folder" <<'PY'
import pathlib
import sys
import sysconfig

root, folder = sys.argv[1:]
paths = sysconfig.get_paths()
pathlib.Path(paths["purelib"], "cymbol_hotline.pth").write_text(root + "\n")
entry = pathlib.Path(paths["scripts"], "hotline")
entry.write_text(f"#!{root}/{folder}/bin/python\nfrom hotline.cli import main\n\nmain()\n")
entry.chmod(0o755)
PY
}

# node_works: Node.js 20 or newer with npm
node_works() {
    command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

# page_modules: the npm packages of the page, when its lock has changed
page_modules() {
    local wanted
    wanted=$(sha256sum <web_demo/app/package-lock.json)
    if [ "$(cat web_demo/app/node_modules/.stamp 2>/dev/null)" != "$wanted" ]; then
        say "Installing the npm packages of the browser demo ..."
        (cd web_demo/app && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --ignore-scripts)
        printf '%s' "$wanted" >web_demo/app/node_modules/.stamp
    fi
}

# page: build the browser demo's page where its sources have changed
page() {
    local wanted
    wanted=$(find web_demo/app -type f \( -path '*/src/*' -o -path '*/public/*' -o -path '*/build/*' \
        -o -name 'index.html' -o -name 'package-lock.json' -o -name 'vite.config.ts' \) \
        -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    if [ "$(cat web_demo/app/dist/.stamp 2>/dev/null)" != "$wanted" ]; then
        page_modules
        say "Building the browser demo ..."
        (cd web_demo/app && npm run --silent build >&2)
        printf '%s' "$wanted" >web_demo/app/dist/.stamp
    fi
}
