<?php
/**
 * Where howdah is, and the secret that notices to it are signed with.
 *
 * Constants in wp-config.php (HOWDAH_HOOK_URL, HOWDAH_HOOK_SECRET) win over what the settings page stores.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const URL_OPTION     = 'howdah_hook_url';
const SECRET_OPTION  = 'howdah_hook_secret';
const TROUBLE_OPTION = 'howdah_trouble';

/**
 * The address that notices go to; '' where none is set.
 *
 * @return string
 */
function hook_url() {
	$url = defined( 'HOWDAH_HOOK_URL' ) ? HOWDAH_HOOK_URL : get_option( URL_OPTION, '' );
	return is_string( $url ) ? trim( $url ) : '';
}

/**
 * The bytes that notices are signed with; '' where there is no usable secret.
 *
 * @return string
 */
function hook_key() {
	$secret = defined( 'HOWDAH_HOOK_SECRET' ) ? HOWDAH_HOOK_SECRET : get_option( SECRET_OPTION, '' );
	return is_string( $secret ) ? key_of( $secret ) : '';
}

/**
 * The bytes of a secret in the form of Standard Webhooks, "whsec_" and base64; '' where it isn't one.
 *
 * @param string $secret The secret as it is written.
 * @return string
 */
function key_of( $secret ) {
	$secret = trim( $secret );
	if ( 0 !== strpos( $secret, 'whsec_' ) ) {
		return '';
	}
	// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_decode -- that is how the secret is written.
	$key = base64_decode( substr( $secret, strlen( 'whsec_' ) ), true );
	return is_string( $key ) ? $key : '';
}

/**
 * Whether howdah can be told anything.
 *
 * @return bool
 */
function is_connected() {
	return '' !== hook_url() && '' !== hook_key();
}

/**
 * The post types that may be shared: public ones with a REST route, but for attachments.
 *
 * @return string[]
 */
function post_types() {
	$types = get_post_types(
		array(
			'public'       => true,
			'show_in_rest' => true,
		)
	);
	unset( $types['attachment'] );
	/**
	 * Filters the post types that howdah is told of and shows itself on.
	 *
	 * @param string[] $types Slugs of post types.
	 */
	return array_values( (array) apply_filters( 'howdah_post_types', array_values( $types ) ) );
}
