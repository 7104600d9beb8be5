-- For wrk: so many calls a second, at moments of chance as callers come, and what came of them as one line of JSON.
-- Arguments: how many a second; over how many connections; of writes what their keys begin with, and whether the proxy takes them.

local pause, prefix, to_proxy, number

function init(arguments)
  pause = 1000 * arguments[2] / arguments[1]
  prefix, to_proxy, number = arguments[3], arguments[4] == "proxy", 0
  math.randomseed(os.time())
end

-- Milliseconds. Calls of many callers are as far apart as chance has it; evenly they would all come at once.
function delay()
  return math.floor(0.5 - math.log(1 - math.random()) * pause)
end

local training = '{"title":"Refunds %d","content":"Refunds take five working days.","type":"BEHAVIORAL"%s}'

function request()
  if not prefix then
    return wrk.format("GET")
  end
  number = number + 1
  local key, metadata = prefix .. number, ""
  if to_proxy then
    wrk.headers["idempotency-key"] = key
  else
    -- As the proxy writes it.
    metadata = ',"metadata":{"opencx_kit_key":"' .. key .. '"}'
  end
  return wrk.format("POST", nil, nil, string.format(training, number, metadata))
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local line = '{"calls":%d,"failed":%d,"a_second":%.1f,"p50":%d,"p99":%d}\n'
  local a_second = summary.requests / summary.duration * 1e6
  io.write(line:format(summary.requests, failed, a_second, latency:percentile(50), latency:percentile(99)))
end
