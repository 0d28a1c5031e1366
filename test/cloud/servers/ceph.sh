#!/usr/bin/env bash
# One throw-away Ceph (a monitor, an OSD, an S3 gateway) on 127.0.0.1, as root; its data ends with it.
#
#   ceph.sh start FOLDER S3PORT MONITORPORT PID   ends when process PID does; user "owner" has the keys of the environment
#   ceph.sh stop FOLDER                           removes the folder
#   ceph.sh gateway FOLDER                        starts the S3 gateway again, after "kill $(cat FOLDER/gateway.pid)"
#
# Debian: apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common
# STORE=memstore keeps objects in memory, STORE=bluestore in a sparse file.
set -euo pipefail
do=${1:?start, stop, gateway or guard}
folder=$(realpath -m "${2:?a folder}")
conf=(-c "$folder/ceph.conf")

# Runs a daemon in a session of its own, so that a signal to the terminal's group does not reach it half way.
daemon() {
  local name=$1
  shift
  (exec setsid "$@" >"$folder/log/$name.out" 2>&1 </dev/null) &
  echo $! >"$folder/$name.pid"
}

# Ends only processes of this folder, by id: a stale file may name a stranger. Kills, because data is thrown away anyhow.
stop() {
  local name pid
  for name in gateway osd monitor; do
    [ -s "$folder/$name.pid" ] || continue
    pid=$(cat "$folder/$name.pid")
    rm -f "$folder/$name.pid"
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "-c $folder/ceph.conf"; then
      kill -9 "$pid" 2>/dev/null || true
    fi
  done
}

# Waits until something answers on a port: await_port PORT PID
await_port() {
  for _ in $(seq 150); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    kill -0 "$2" || return 1
    sleep 0.2
  done
  return 1
}

gateway() {
  daemon gateway radosgw "${conf[@]}" -n client.rgw -f
  await_port "$(cat "$folder/port")" "$(cat "$folder/gateway.pid")"
}

case $do in
  stop)
    stop
    rm -rf "$folder"
    exit 0
    ;;
  gateway)
    gateway
    exit 0
    ;;
  guard) # A test that is killed cannot clean up behind itself; this can: ceph.sh guard FOLDER PID
    while kill -0 "${3:?}" 2>/dev/null && [ -e "$folder/port" ]; do sleep 1; done
    stop
    rm -rf "$folder"
    exit 0
    ;;
esac

port=${3:?the port of S3} monitor_port=${4:?the port of the monitor} parent=${5:?the process that wants it}
mkdir -p "$folder"/{monitor,osd,log}
echo "$port" >"$folder/port"
fsid=$(cat /proc/sys/kernel/random/uuid)

# One copy of everything, and small intervals of the monitors' agreement: there is nobody to agree with.
cat >"$folder/ceph.conf" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor_port]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = $folder/keyring
run dir = $folder
admin socket = $folder/\$name.asok
log file = $folder/log/\$name.log
pid file =
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd crush chooseleaf type = 0
paxos propose interval = 0.05
paxos min wait = 0.01
[mon]
mon data = $folder/monitor
mon data avail crit = 1
mon data avail warn = 1
mon initial members = a
[osd]
osd data = $folder/osd
osd objectstore = ${STORE:-memstore}
memstore device bytes = 4294967296
bluestore block size = 10737418240
bluestore block db create = false
bluestore block wal create = false
osd memory target = 939524096
osd class load list = *
osd class default list = *
[client.rgw]
rgw data = $folder
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw enable usage log = false
rgw dns name = localhost
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${SSE_KEY_ID:-domicile}=$(head -c32 /dev/urandom | base64)
rgw thread pool size = 64
CONF

setsid "$0" guard "$folder" "$parent" >/dev/null 2>&1 </dev/null &
trap 'echo "ceph.sh: it did not start" >&2; tail -n 20 "$folder"/log/*.out >&2; stop' ERR
{
  ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$folder/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool "$folder/keyring" --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port]" "$folder/monitors"
} >/dev/null
ceph-mon "${conf[@]}" --mkfs -i a --monmap "$folder/monitors" --keyring "$folder/keyring"
daemon monitor ceph-mon "${conf[@]}" -f -i a --public-addr "v2:127.0.0.1:$monitor_port"
timeout 30 ceph "${conf[@]}" -s >/dev/null

osd_uuid=$(cat /proc/sys/kernel/random/uuid)
osd=$(timeout 20 ceph "${conf[@]}" osd new "$osd_uuid")
ceph-authtool "$folder/keyring" --gen-key -n "osd.$osd" --cap mon 'allow profile osd' --cap osd 'allow *' >/dev/null
timeout 20 ceph "${conf[@]}" auth import -i "$folder/keyring" >/dev/null 2>&1
ceph-osd "${conf[@]}" -i "$osd" --mkfs --osd-uuid "$osd_uuid" >"$folder/log/osd-mkfs.out" 2>&1
timeout 20 ceph "${conf[@]}" osd crush add "osd.$osd" 1.0 root=default host=localhost >/dev/null 2>&1
daemon osd ceph-osd "${conf[@]}" -f -i "$osd"
for _ in $(seq 100); do
  timeout 10 ceph "${conf[@]}" osd stat 2>/dev/null | grep -q '1 up' && break
  sleep 0.2
done
gateway
timeout 60 radosgw-admin "${conf[@]}" user create --uid=owner --display-name=owner \
  --access-key="${S3_ACCESS_KEY:?}" --secret-key="${S3_SECRET_KEY:?}" >/dev/null
