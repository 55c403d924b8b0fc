// SPDX-License-Identifier: GPL-2.0-only
/* Names of namespaces, on a made-up host: a directory that has proc/, run/ and var/. */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"
#include "ktap.h"
#include "names/names.h"
#include "names/runtime.h"
#include "names/scan.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define HOST 4026531840u

static char root[] = "/tmp/whydrop-names-XXXXXX";

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

/* The path of a file of that host, whose folders are made. */
static const char *path_of(const char *file)
{
	static char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), "%s/%s", root, file);
	for (slash = path + strlen(root); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	return path;
}

static void put(const char *file, const char *text)
{
	FILE *f = fopen(path_of(file), "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		FAIL("cannot write %s", file);
}

static void put_link(const char *file, const char *to)
{
	const char *path = path_of(file);

	unlink(path);
	if (symlink(to, path))
		FAIL("cannot make the link %s", file);
}

static void take(const char *file)
{
	unlink(path_of(file));
}

static void put_child(int pid, int parent, uint32_t netns, const char *comm, const char *cgroup)
{
	char file[64], text[512];

	snprintf(file, sizeof(file), "proc/%d/comm", pid);
	snprintf(text, sizeof(text), "%s\n", comm);
	put(file, text);
	snprintf(file, sizeof(file), "proc/%d/cgroup", pid);
	snprintf(text, sizeof(text), "0::%s\n", cgroup);
	put(file, text);
	/* Its pid is when it started, in ticks: the oldest has the least. */
	snprintf(file, sizeof(file), "proc/%d/stat", pid);
	snprintf(text, sizeof(text),
		 "%d (%s) S %d 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n", pid, comm, parent, pid);
	put(file, text);
	snprintf(file, sizeof(file), "proc/%d/ns/net", pid);
	snprintf(text, sizeof(text), "net:[%u]", netns);
	put_link(file, text);
}

static void put_process(int pid, uint32_t netns, const char *comm, const char *cgroup)
{
	put_child(pid, 1, netns, comm, cgroup);
}

static void end_process(int pid)
{
	char file[64];

	snprintf(file, sizeof(file), "proc/%d/ns/net", pid);
	take(file);
}

static const char *name_at(struct names *n, uint32_t ino, uint64_t mono)
{
	const char *name = names_netns(n, ino, mono)->name;

	return name ? name : "-";
}

static const char *name_now(struct names *n, uint32_t ino)
{
	names_tick(n, true);
	return name_at(n, ino, now());
}

/* Until the thread has found it; a minute is longer than any machine takes. */
static const char *name_soon(struct names *n, uint32_t ino)
{
	uint64_t end = now() + UINT64_C(60000000000);
	const char *name;

	do {
		name = name_now(n, ino);
	} while (!strcmp(name, "-") && now() < end);
	return name;
}

/* ---- */

static void test_cgroups(void)
{
	static const struct {
		const char *path, *kind, *id;
		bool of_user;
	} cases[] = {
		{ "/system.slice/docker-" ID ".scope", "docker", ID, false },
		{ "/docker/" ID, "docker", ID, false },
		{ "/machine.slice/libpod-" ID ".scope/container", "podman", ID, false },
		{ "/libpod_parent/libpod-" ID, "podman", ID, false },
		{ "/libpod_parent/libpod-conmon-" ID, NULL, NULL, false },
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
		  "podman", ID, true },
		{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice/cri-containerd-"
		  ID ".scope", "cri", ID, false },
		{ "/kubepods/besteffort/pod1-2/" ID, "cri", ID, false },
		{ "/kubepods.slice/crio-" ID ".scope", "cri", ID, false },
		{ "/lxc.payload.c1", "lxc", "c1", false },
		{ "/lxc/c1/ns", "lxc", "c1", false },
		{ "/machine.slice/machine-my\\x2dbox.scope/payload", "nspawn", "my-box", false },
		{ "/machine.slice/systemd-nspawn@deb.service/payload/init.scope", "nspawn", "deb", false },
		/* A container in a container is the outer one to the host. */
		{ "/lxc.payload.c1/system.slice/docker-" ID ".scope", "lxc", "c1", false },
		{ "/system.slice/ssh.service", NULL, NULL, false },
		{ "/system.slice/docker-abc.scope", NULL, NULL, false },
		{ "/system.slice/docker-" ID "0.scope", NULL, NULL, false },
		{ "/system.slice/docker-../../../etc/passwd.scope", NULL, NULL, false },
		{ "/lxc.payload.\033]0;x\a", NULL, NULL, false },
		{ "/lxc.payload.a\\x1bb", NULL, NULL, false },
		{ "/lxc.payload.", NULL, NULL, false },
		{ "/", NULL, NULL, false }, { "", NULL, NULL, false }, { "//", NULL, NULL, false },
	};
	struct container c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool found = cgroup_container(cases[i].path, &c);

		if (found != (cases[i].kind != NULL))
			FAIL("%s: %s", cases[i].path, found ? c.kind : "none");
		if (!found || !cases[i].kind)
			continue;
		CHECK_STR(c.kind, cases[i].kind);
		CHECK_STR(c.id, cases[i].id);
		CHECK_INT(c.of_user, cases[i].of_user);
	}
}

static void test_units(void)
{
	static const struct {
		const char *path, *unit;
	} cases[] = {
		{ "/system.slice/nginx.service", "nginx.service" },
		{ "/user.slice/user-0.slice/user@0.service/app.slice/app-x.scope", "app-x.scope" },
		{ "/machine.slice/machine-deb.scope/payload/system.slice/ssh.service/sub", "ssh.service" },
		{ "/user.slice", "" }, { "/", "" }, { "/.service", "" },
	};
	char both[] = "12:cpu:/a\n1:name=systemd:/system.slice/a.service\n0::/\n";
	char second[] = "0::/system.slice/b.service\n", none[] = "4:memory:/x\n", empty[] = "";
	char unit[64];
	const char *p = "";
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = cgroup_unit(cases[i].path, &p);
		snprintf(unit, sizeof(unit), "%.*s", (int)len, p);
		CHECK_STR(unit, cases[i].unit);
	}
	CHECK_STR(cgroup_path(both), "/system.slice/a.service");
	CHECK_STR(cgroup_path(second), "/system.slice/b.service");
	CHECK_STR(cgroup_path(none), "");
	CHECK_STR(cgroup_path(empty), "");
}

static const char *named(const char *kind, bool of_user)
{
	static char name[CONTAINER_NAME];
	struct container c = { .kind = kind, .id = ID, .of_user = of_user };

	runtime_name(root, &c, name);
	return name;
}

#define DOCKER "var/lib/docker/containers/" ID "/config.v2.json"
#define PODMAN "var/lib/containers/storage/overlay-containers/containers.json"
#define CRI "run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json"
#define CRIO "run/containers/storage/overlay-containers/" ID "/userdata/config.json"

static void test_runtimes(void)
{
	static const char *const bad[] = {
		"", "{", "{\"Name\"", "{\"Name\":", "{\"Name\":\"", "{\"Name\":\"/web", "[]", "null",
		"{\"Name\":\"/a\\u001b\"}", "{\"Name\":\"/a b\"}", "{\"Name\":\"\"}", "{\"Name\":{}}",
		"{\"Name\":1}", "{\"a\":\"\\\"Name\\\":\\\"/b\\\"\"}", "{\"a\":{\"Name\":\"/b\"}}",
		"{\"a\":[\"Name\",\"/b\"]}", "{\"a\":\"\\", "{,\"Name\":\"/b\"}", "\"Name\":\"/b\"",
		"{\"a\":]]]],\"Name\":\"/b\"}",
	};
	char *deep;
	size_t i;

	CHECK_STR(named("docker", false), "docker:0123456789ab");
	put(DOCKER, "{\"Config\":{\"Labels\":{\"Name\":\"/evil\"},\"x\":\"\\\"Name\\\":\"}, \"Name\" : \"/web\"}");
	CHECK_STR(named("docker", false), "docker:web");
	CHECK_STR(named("docker", true), "docker:0123456789ab");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		put(DOCKER, bad[i]);
		if (strcmp(named("docker", false), "docker:0123456789ab"))
			FAIL("%s: %s", bad[i], named("docker", false));
	}
	deep = malloc(1000001);
	memset(deep, '[', 1000000);
	deep[1000000] = '\0';
	memcpy(deep, "{\"a\":", 5);
	put(DOCKER, deep);
	CHECK_STR(named("docker", false), "docker:0123456789ab");
	free(deep);

	put(PODMAN, "[{\"id\":\"" OTHER "\",\"names\":[\"no\"]},\n {\"names\":[\"db\",\"x\"],\"id\":\"" ID "\"}]");
	CHECK_STR(named("podman", false), "podman:db");
	put(CRI, "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"dns-1\","
		 "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}");
	CHECK_STR(named("cri", false), "cri:kube-system/dns-1");
	put(CRI, "{\"annotations\":{\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}");
	CHECK_STR(named("cri", false), "cri:0123456789ab");
	put(CRIO, "{\"annotations\":{\"io.kubernetes.pod.name\":\"p\",\"io.kubernetes.pod.namespace\":\"n\"}}");
	CHECK_STR(named("cri", false), "cri:n/p");
}

static void make_host(void)
{
	put_process(1, HOST, "systemd", "/init.scope");
	put_process(50, HOST, "sshd", "/system.slice/ssh.service");
	put_link("run/netns/blue", "net:[201]");
	put_process(60, 201, "sleep", "/");
	put_process(71, 202, "nginx", "/system.slice/docker-" ID ".scope");
	put_process(70, 202, "a) b", "/system.slice/docker-" ID ".scope");
	put(DOCKER, "{\"Name\":\"/web\"}");
	put_process(81, 203, "second", "/x");
	put_process(80, 203, "\033]0;x\a", "/x");
	put_link("run/netns/netns-01234567-89ab-cdef-0123-456789abcdef", "net:[204]");
	put_process(90, 204, "pause", "/machine.slice/libpod-" OTHER ".scope");
	put("run/netns/no-namespace", "");
	put_link("run/netns/elsewhere", "/etc/hostname");
	put_link("proc/99/ns/net", "net:[x]");
	put_link("proc/98/ns/net", "user:[5]");
}

static void test_scan(void)
{
	struct names *n = names_new(root);

	make_host();
	names_look(n, NAMES_NETNS);
	CHECK_STR(name_now(n, HOST), "1/systemd");
	CHECK_STR(name_soon(n, 201), "blue");
	CHECK_STR(name_now(n, 202), "docker:web");
	CHECK_STR(name_now(n, 203), "80/\033]0;x\a");
	CHECK_STR(name_soon(n, 204), "podman:no");
	CHECK_STR(name_now(n, 205), "-");
	CHECK_STR(name_now(n, 5), "-");
	/* By name, whole or without the kind. */
	CHECK_INT(names_find(n, "blue"), 201);
	CHECK_INT(names_find(n, "web"), 202);
	CHECK_INT(names_find(n, "docker:web"), 202);
	CHECK_INT(names_find(n, "we"), 0);
	CHECK_INT(names_find(n, "docker:"), 0);
	/* Before its file was made, and as the first one. */
	CHECK_STR(name_at(n, 201, 1), "-");
	CHECK_STR(name_at(n, HOST, 1), "1/systemd");
	CHECK_STR(names_of_inode(n, 202), "docker:web");
	CHECK(!names_of_inode(n, 201));
	CHECK_STR(names_of(n, 201, 0), "blue");
	names_free(n);
}

/* A process may be older than the namespace that it is in: whose were the drops until now? */
static void test_age(void)
{
	struct names *n = names_new(root);
	uint64_t then = now();

	put_process(400, 401, "unshared", "/");
	put_process(410, 402, "shell", "/");
	put_child(411, 410, 402, "child", "/");
	put_process(420, 403, "app", "/system.slice/docker-" OTHER ".scope");
	names_look(n, NAMES_NETNS);
	CHECK_STR(name_at(n, 401, then), "-");
	CHECK_STR(name_now(n, 401), "400/unshared");
	CHECK_STR(name_at(n, 402, then), "410/shell");
	CHECK_STR(name_at(n, 402, 4105000000), "-");
	CHECK_STR(name_at(n, 403, then), "docker:fedcba987654");
	names_free(n);
}

/* What has gone keeps its name, for its own events; the next one does not get it. */
static void test_reuse(void)
{
	struct names *n = names_new(root);
	uint64_t then, between;
	uint32_t nth;

	put_link("run/netns/blue", "net:[301]");
	names_look(n, NAMES_NETNS);
	CHECK_STR(name_soon(n, 301), "blue");
	names_tick(n, true);
	then = now();
	names_tick(n, true);
	CHECK_STR(name_at(n, 301, then), "blue");
	nth = names_netns(n, 301, then)->nth;
	take("run/netns/blue");
	between = now();
	/* Nobody has looked again: it is only seen that the old one is not there. */
	names_tick(n, false);
	CHECK_STR(name_at(n, 301, between), "-");
	CHECK_STR(name_at(n, 301, then), "blue");
	put_link("run/netns/red", "net:[301]");
	CHECK_STR(name_soon(n, 301), "red");
	CHECK_STR(name_at(n, 301, then), "blue");
	CHECK_STR(names_of(n, 301, nth), "blue");
	CHECK(names_netns(n, 301, now())->nth != nth);
	CHECK(!names_of_inode(n, 301));
	/* Now without a batch in which it was not there. */
	take("run/netns/red");
	put_link("run/netns/green", "net:[301]");
	CHECK(strcmp(name_now(n, 301), "red"));
	CHECK_STR(name_soon(n, 301), "green");
	take("run/netns/green");
	/* A process, whose start is no proof, and that moves on. */
	put_process(310, 301, "old", "/");
	CHECK_STR(name_soon(n, 301), "310/old");
	put_process(310, 302, "old", "/");
	CHECK_STR(name_now(n, 301), "-");
	put_process(311, 301, "young", "/");
	CHECK_STR(name_soon(n, 301), "311/young");
	CHECK_STR(name_soon(n, 302), "310/old");
	/* It is the same one, though that process has ended and another is now the oldest. */
	put_link("run/netns/late", "net:[302]");
	end_process(310);
	CHECK(strcmp(name_now(n, 302), "late"));
	CHECK_STR(name_soon(n, 302), "late");
	names_free(n);
}

static const char *proc_now(struct names *n, uint32_t ino)
{
	static char text[PROC_TEXT];
	const struct proc *p = names_proc(n, ino);

	if (!p)
		return "-";
	names_proc_text(text, p);
	return text;
}

static void test_sockets(void)
{
	struct names *n = names_new(root);
	uint64_t end = now() + UINT64_C(60000000000);
	char comm[64];
	uint32_t i;

	put_link("proc/50/fd/0", "/dev/null");
	put_link("proc/50/fd/3", "socket:[7]");
	put_link("proc/50/fd/4", "socket:[8]");
	put_link("proc/80/fd/1", "socket:[8]");
	put_link("proc/80/fd/2", "socket:[9]");
	put_link("proc/80/fd/3", "socket:[x]");
	put_link("proc/80/fd/4", "socket:[99999999999]");
	names_look(n, NAMES_SOCKETS);
	CHECK_STR(proc_now(n, 7), "sshd/50 ssh.service");
	CHECK_STR(proc_now(n, 8), "sshd/50 ssh.service");
	CHECK_STR(proc_now(n, 9), "\033]0;x\a/80");
	CHECK_STR(proc_now(n, 0), "-");
	/* What was not there is found when the thread looks; what has gone is remembered. */
	CHECK_STR(proc_now(n, 10), "-");
	put_link("proc/50/fd/3", "socket:[10]");
	while (!strcmp(proc_now(n, 10), "-") && now() < end)
		names_tick(n, true);
	CHECK_STR(proc_now(n, 10), "sshd/50 ssh.service");
	CHECK_STR(proc_now(n, 7), "sshd/50 ssh.service");
	names_free(n);

	/* More sockets, and more processes, than are kept. */
	n = names_new(root);
	for (i = 1; i < 200000; i++) {
		snprintf(comm, sizeof(comm), "a-name-that-is-too-long-%u", i);
		names_learn_proc(n, i, i, comm, NULL);
		names_proc(n, 1000000 + i);
	}
	names_learn_proc(n, 5, 6, "five", "u.service");
	CHECK(!strcmp(proc_now(n, 5), "five/6 u.service") || !strcmp(proc_now(n, 5), "-"));
	names_free(n);
}

/* Many namespaces, one after the other, with one inode: memory is bounded. */
static void test_many(void)
{
	struct names *n = names_new(root);
	char name[32];
	uint32_t i;

	for (i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		names_learn(n, 401, name);
		if (strcmp(name_at(n, 401, i), name))
			FAIL("%u is %s", i, name_at(n, 401, i));
	}
	for (i = 1; i < 100000; i++)
		names_learn(n, i, "x");
	CHECK_STR(name_at(n, 99999, 1), "-");
	CHECK_STR(name_at(n, 2, 1), "x");
	names_learn(n, 2, NULL);
	CHECK_STR(name_at(n, 2, 1), "-");
	names_forget(n);
	CHECK_STR(name_at(n, 99999, 1), "-");
	names_learn(n, 99999, "y");
	CHECK_STR(name_at(n, 99999, 1), "y");
	names_free(n);
}

static const struct test tests[] = {
	{ "containers in the paths of cgroups", test_cgroups },
	{ "units in the paths of cgroups", test_units },
	{ "names in the files of runtimes", test_runtimes },
	{ "namespaces of a made-up host", test_scan },
	{ "an older process says nothing of before", test_age },
	{ "an inode that is used again", test_reuse },
	{ "processes that have sockets", test_sockets },
	{ "more namespaces than are kept", test_many },
};

int main(void)
{
	int status;

	if (!mkdtemp(root))
		return 1;
	status = run_tests(tests, ARRAY_SIZE(tests));
	if (!fork())
		execlp("rm", "rm", "-rf", root, (char *)NULL);
	return status;
}
