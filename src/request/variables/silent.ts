/**
 * Variables of nginx as ingress-nginx builds it that only a running nginx can fill: connections, clocks, TLS,
 * the backend's answer. They are empty here.
 *
 * Source: nginx ngx_http_core_variables, the modules in images/nginx/rootfs/build.sh, nginx.tmpl.
 */
const NAMES: ReadonlySet<string> = new Set(
  `
  remote_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr proxy_protocol_server_port server_addr
  document_root realpath_root request_filename bytes_sent body_bytes_sent pipe request_completion request_body
  request_body_file request_length request_time request_id status limit_rate connection connection_requests connection_time
  nginx_version hostname pid msec time_iso8601 time_local tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd tcpinfo_rcv_space
  realip_remote_port
  upstream_addr upstream_status upstream_connect_time upstream_header_time upstream_response_time upstream_response_length
  upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_cache_last_modified upstream_cache_etag
  proxy_port proxy_internal_body_length proxy_internal_chunked fastcgi_script_name fastcgi_path_info
  ssl_protocol ssl_cipher ssl_ciphers ssl_curve ssl_curves ssl_session_id ssl_session_reused ssl_early_data
  ssl_server_name ssl_alpn_protocol ssl_client_cert ssl_client_raw_cert ssl_client_escaped_cert ssl_client_s_dn
  ssl_client_i_dn ssl_client_s_dn_legacy ssl_client_i_dn_legacy ssl_client_serial ssl_client_fingerprint ssl_client_verify
  ssl_client_v_start ssl_client_v_end ssl_client_v_remain
  connections_active connections_reading connections_writing connections_waiting http2 http3 gzip_ratio
  limit_req_status limit_conn_status secure_link secure_link_expires modern_browser ancient_browser msie
  uid_got uid_set uid_reset date_local date_gmt
  req_id connection_upgrade balancer_ewma_score proxy_alternative_upstream_name`
    .trim()
    .split(/\s+/),
);

const FAMILIES = [
  "sent_http_",
  "sent_trailer_",
  "upstream_http_",
  "upstream_trailer_",
  "upstream_cookie_",
  "proxy_protocol_tlv_",
];

export function isSilent(variable: string): boolean {
  return NAMES.has(variable) || FAMILIES.some((prefix) => variable.startsWith(prefix) && variable !== prefix);
}
