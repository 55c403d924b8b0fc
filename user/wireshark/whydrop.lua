-- SPDX-License-Identifier: GPL-2.0-only
-- What whydrop wrote into a packet's comment, as fields to filter and color by: why,
-- where and for which socket the kernel dropped it. For Wireshark and tshark with Lua.
-- The form of the comment is in whydrop(8), under "COMMENTS OF PACKETS".
-- For root, Wireshark 4.4 loads it from the folder of global Lua plugins only.

local VERSION = "1"

local whydrop = Proto("whydrop", "Why the kernel dropped the packet")
local all_comments = Field.new("frame.comment")
local interface = Field.new("frame.interface_name")

local text, number, flag = ProtoField.string, ProtoField.uint64, ProtoField.bool
local fields = {
	reason = text("whydrop.reason", "Reason"),
	place = text("whydrop.place", "Place"),
	["function"] = text("whydrop.function", "Function of that place"),
	class = text("whydrop.class", "Class"),
	intent = text("whydrop.intent", "Mostly"),
	remark = text("whydrop.remark", "Remark on the place"),
	dev = text("whydrop.dev", "Device"),
	netns = number("whydrop.netns", "Network namespace"),
	cpu = number("whydrop.cpu", "CPU"),
	seq = number("whydrop.seq", "Number on that CPU"),
	ctx = text("whydrop.ctx", "Context"),
	comm = text("whydrop.comm", "Task on that CPU"),
	pid = number("whydrop.pid", "Thread id of that task"),
	stack = text("whydrop.stack", "Stack"),
	frame = text("whydrop.frame", "Frame"),
}
local sock = {
	family = text("whydrop.sock.family", "Address family"),
	type = text("whydrop.sock.type", "Type"),
	proto = text("whydrop.sock.proto", "Protocol"),
	state = text("whydrop.sock.state", "State"),
	cookie = number("whydrop.sock.cookie", "Cookie"),
	uid = number("whydrop.sock.uid", "User id"),
	ino = number("whydrop.sock.ino", "Inode"),
	rmem = number("whydrop.sock.rmem", "Bytes of the receive buffer in use"),
	rcvbuf = number("whydrop.sock.rcvbuf", "Limit of the receive buffer"),
	rx = flag("whydrop.sock.rx", "Should have received the packet"),
	tx = flag("whydrop.sock.tx", "Sent the packet"),
}
local numbers = {
	netns = true, cpu = true, seq = true, pid = true, cookie = true, uid = true, ino = true,
	rmem = true, rcvbuf = true,
}
local version = ProtoExpert.new("whydrop.version", "Comments in a form that this script does not know",
	expert.group.UNDECODED, expert.severity.WARN)

local list = {}
for _, of in ipairs({ fields, sock }) do
	for _, field in pairs(of) do
		list[#list + 1] = field
	end
end
whydrop.fields = list
whydrop.experts = { version }

local function add(tree, of, key, value)
	if value == nil or value == "" or not of[key] then
		return
	elseif numbers[key] then
		-- A netns or cookie has more digits than Lua's numbers of old have.
		local ok, n = pcall(UInt64.new, 0)
		for digit in value:gmatch("%d") do
			n = n * 10 + tonumber(digit)
		end
		value = ok and n or tonumber(value)
	elseif key == "rx" or key == "tx" then
		value = value ~= "0"
	end
	tree:add(of[key], value)
end

-- The pairs of "KEY VALUE KEY VALUE".
local function pairs_of(line)
	return line:gmatch("(%S+) (%S+)")
end

-- The lines of whydrop's comment, or nothing. Wireshark 4.4 has each line as a comment,
-- too, and the whole one last.
local function lines_of(comments)
	for i = #comments, 1, -1 do
		local lines = {}
		for line in (comments[i].value .. "\n"):gmatch("(.-)\r?\n") do
			lines[#lines + 1] = line
		end
		local form = lines[2] and lines[2]:match("^whydrop (%d+) ")
		if form then
			return lines, form
		end
	end
end

function whydrop.dissector(_, _, root)
	local lines, form = lines_of({ all_comments() })
	if not lines then
		return
	end
	local tree = root:add(whydrop)
	if form ~= VERSION then
		tree:add_proto_expert_info(version)
		return
	end
	local reason, place = lines[1]:match("^(.-) @ (.*)$")
	local at, remark = (place or ""):match("^(%S+ %[[^%]]*%])%s*(.*)$")
	if not at then
		at, remark = (place or ""):match("^(%S*)%s*(.*)$")
	end
	add(tree, fields, "reason", reason or lines[1])
	add(tree, fields, "place", at)
	add(tree, fields, "function", at:match("^([^+]+)"))
	add(tree, fields, "remark", remark)
	local dev = interface()
	add(tree, fields, "dev", dev and dev.value)
	local known, comm, pid = lines[2]:match("^whydrop %d+ (.-) comm (.*)/(%d+)$")
	for key, value in pairs_of(known or "") do
		add(tree, fields, key, value)
	end
	add(tree, fields, "comm", comm)
	add(tree, fields, "pid", pid)
	local first = 3
	if lines[3] and lines[3]:match("^sock ") then
		local branch = tree:add(whydrop, "Socket")
		for key, value in pairs_of(lines[3]:sub(6)) do
			add(branch, sock, key, value)
		end
		first = 4
	end
	local stack = {}
	for i = first, #lines do
		-- no remarks, such as "..." or "(an interrupt began here)"
		if lines[i] ~= "" and not lines[i]:match("^[(.]") then
			stack[#stack + 1] = lines[i]
		end
	end
	if #stack > 0 then
		-- One text to search in, and a field a frame.
		local branch = tree:add(fields.stack, table.concat(stack, " < "))
		for _, frame in ipairs(stack) do
			branch:add(fields.frame, frame)
		end
	end
end

register_postdissector(whydrop)
